package imagefile

import "encoding/binary"

const (
	qoiSignature = "qoif"
	qoiHeader    = 14 // bytes
	qoiEnd       = "\x00\x00\x00\x00\x00\x00\x00\x01"
)

// checkQOI walks the chunks up to the last pixel and the end marker: The Quite OK Image
// Format, specification 1.0.
func checkQOI(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, qoiHeader)
	if err != nil {
		return info, err
	}
	info.Width = dimension(uint64(binary.BigEndian.Uint32(b[4:])))
	info.Height = dimension(uint64(binary.BigEndian.Uint32(b[8:])))
	if !hasAt(b, 0, qoiSignature) || info.pixels() == 0 || b[12] < 3 || b[12] > 4 || b[13] > 1 {
		return info, w.corrupt("invalid header")
	}
	offset := int64(qoiHeader)
	for left := info.pixels(); left > 0; {
		data, err := w.from(offset, 1)
		if err != nil {
			return info, err
		}
		at := 0
		for at < len(data) && left > 0 {
			length, pixels := qoiChunk(data[at])
			at += length
			left -= int64(pixels)
		}
		offset += int64(at) // the last chunk may extend past data, and so past the file
	}
	if b, err = w.at(offset, len(qoiEnd)); err != nil {
		return info, err
	}
	if string(b) != qoiEnd {
		return info, w.corrupt("no end marker at byte %d", offset)
	}
	info.TrailingBytes = w.size - offset - int64(len(qoiEnd))
	return info, nil
}

// qoiChunk returns the length of the chunk that begins with b, and its number of pixels.
func qoiChunk(b byte) (length, pixels int) {
	switch {
	case b == 0xfe: // RGB
		return 4, 1
	case b == 0xff: // RGBA
		return 5, 1
	case b>>6 == 2: // difference of luma
		return 2, 1
	case b>>6 == 3: // run
		return 1, int(b&0x3f) + 1
	}
	return 1, 1
}
