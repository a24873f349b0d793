package imagefile

import (
	"encoding/binary"
	"hash/crc32"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngEnd is the last chunk, which is the same in every file.
const pngEnd = "\x00\x00\x00\x00IEND\xaeB`\x82"

// pngOverhead is the length of a chunk without its data: length, type and CRC.
const pngOverhead = 12

// checkPNG walks the chunks: W3C PNG section 5. It checks the CRC of every chunk,
// also of those that it does not know, such as the chunks of APNG.
func checkPNG(w *window) (Info, error) {
	var info Info
	head, err := w.at(0, len(pngSignature))
	if err != nil {
		return info, err
	}
	if string(head) != pngSignature {
		return info, w.corrupt("no signature")
	}
	palette, data, indexed := false, false, false
	for offset := int64(len(pngSignature)); ; {
		kind, length, err := pngChunk(w, offset)
		if err != nil {
			return info, err
		}
		first := offset == int64(len(pngSignature))
		if first && !kind.is("IHDR") {
			return info, w.corrupt("the first chunk is %s, not IHDR", kind)
		}
		if !first && kind.is("IHDR") {
			return info, w.corrupt("a second chunk IHDR at byte %d", offset)
		}
		switch string(kind[:]) {
		case "IHDR":
			info, indexed, err = pngHeader(w, offset, length)
		case "PLTE":
			palette = true
		case "IDAT":
			data = true
			if indexed && !palette {
				err = w.corrupt("no palette before the data at byte %d", offset)
			}
		}
		if err == nil {
			err = checkPNGSum(w, offset, length)
		}
		if err != nil {
			return info, err
		}
		offset += pngOverhead + length
		if kind.is("IEND") {
			if !data {
				return info, w.corrupt("no data before the end at byte %d", offset)
			}
			info.TrailingBytes = w.size - offset
			return info, nil
		}
	}
}

// pngChunk returns the type and the data length of the chunk at an offset. Without
// an error, the chunk is inside the file.
func pngChunk(w *window, offset int64) (kind fourCC, length int64, err error) {
	b, err := w.at(offset, 8)
	if err != nil {
		return kind, 0, err
	}
	kind, length = fourCC(b[4:]), int64(binary.BigEndian.Uint32(b))
	if length > 1<<31-1 {
		return kind, 0, w.corrupt("the chunk at byte %d has the invalid length %d", offset, length)
	}
	if offset+pngOverhead+length <= w.size {
		return kind, length, nil
	}
	// The file is cut or the length is wrong. A file that is cut does not end with IEND.
	end, err := w.at(w.size-int64(len(pngEnd)), len(pngEnd))
	if err == nil && string(end) == pngEnd {
		return kind, 0, w.corrupt("the chunk at byte %d extends past the end of the file", offset)
	}
	return kind, 0, w.truncated()
}

// pngHeader reads IHDR: section 11.2.1.
func pngHeader(w *window, offset, length int64) (info Info, indexed bool, err error) {
	if length != 13 {
		return info, false, w.corrupt("invalid header length %d", length)
	}
	b, err := w.at(offset+8, 13)
	if err != nil {
		return info, false, err
	}
	info.Width = dimension(uint64(binary.BigEndian.Uint32(b)))
	info.Height = dimension(uint64(binary.BigEndian.Uint32(b[4:])))
	depth, colour := b[8], b[9]
	valid := false
	switch colour {
	case 0: // grey
		valid = depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16
	case 3: // palette
		valid = depth == 1 || depth == 2 || depth == 4 || depth == 8
	case 2, 4, 6: // RGB, grey with alpha, RGB with alpha
		valid = depth == 8 || depth == 16
	}
	if info.Width == 0 || info.Height == 0 || !valid || b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return info, false, w.corrupt("invalid header")
	}
	return info, colour == 3, nil
}

// checkPNGSum checks the CRC of a chunk, which covers its type and its data.
func checkPNGSum(w *window, offset, length int64) error {
	sum, at, end := uint32(0), offset+4, offset+8+length
	for at < end {
		data, err := w.from(at, 1)
		if err != nil {
			return err
		}
		data = data[:min(int64(len(data)), end-at)]
		sum = crc32.Update(sum, crc32.IEEETable, data)
		at += int64(len(data))
	}
	b, err := w.at(end, 4)
	if err != nil {
		return err
	}
	if binary.BigEndian.Uint32(b) == sum {
		return nil
	}
	kind, err := w.at(offset+4, 4)
	if err != nil {
		return err
	}
	return w.corrupt("the CRC of chunk %s at byte %d is wrong", fourCC(kind), offset)
}
