package imagefile

import "encoding/binary"

// tgaHeader is the length of the header, in bytes.
const tgaHeader = 18

// tgaFooter ends a file of version 2. The areas that it locates come after the pixels.
const tgaFooter = "TRUEVISION-XFILE.\x00"

// isTGA reports whether b begins like a TGA. The format has no signature, so every field
// of the header has to make sense: Truevision TGA File Format Specification 2.0.
func isTGA(b []byte) bool {
	if len(b) < tgaHeader {
		return false
	}
	colourMap, kind, depth := b[1], b[2]&^8, b[16] // 8: run-length encoded
	mapped := kind == 1
	if colourMap > 1 || b[2] > 11 || mapped && colourMap != 1 {
		return false
	}
	if colourMap == 0 && string(b[3:8]) != "\x00\x00\x00\x00\x00" ||
		colourMap == 1 && (b[7] != 15 && b[7] != 16 && b[7] != 24 && b[7] != 32) {
		return false
	}
	switch kind {
	case 1, 3: // palette, grey
		if depth != 8 && depth != 16 {
			return false
		}
	case 2: // RGB
		if depth != 15 && depth != 16 && depth != 24 && depth != 32 {
			return false
		}
	default:
		return false
	}
	width, height := binary.LittleEndian.Uint16(b[12:]), binary.LittleEndian.Uint16(b[14:])
	return width > 0 && height > 0 && b[17]&0xc0 == 0
}

// checkTGA checks that all pixels are in the file.
func checkTGA(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, tgaHeader)
	if err != nil {
		return info, err
	}
	if !isTGA(b) {
		return info, w.corrupt("invalid header")
	}
	info.Width = int(binary.LittleEndian.Uint16(b[12:]))
	info.Height = int(binary.LittleEndian.Uint16(b[14:]))
	entries := int64(binary.LittleEndian.Uint16(b[5:]))
	pixels := tgaHeader + int64(b[0]) + entries*int64((b[7]+7)/8)
	pixelSize := int64(b[16]+7) / 8
	end := pixels + pixelSize*info.pixels()
	if encoded := b[2]&8 != 0; encoded {
		end, err = tgaRuns(w, pixels, pixelSize, info.pixels())
	}
	if err != nil {
		return info, err
	}
	if end > w.size {
		return info, w.truncated()
	}
	last, err := w.at(max(0, w.size-int64(len(tgaFooter))), len(tgaFooter))
	if err != nil {
		return info, err
	}
	if string(last) != tgaFooter {
		info.TrailingBytes = w.size - end
	}
	return info, nil
}

// tgaRuns returns the offset after the packets that hold so many pixels. A packet is a
// pixel to repeat, or pixels as they are.
func tgaRuns(w *window, offset, pixelSize, pixels int64) (int64, error) {
	for pixels > 0 {
		b, err := w.at(offset, 1)
		if err != nil {
			return 0, err
		}
		n, length := int64(b[0]&0x7f)+1, pixelSize
		if b[0]&0x80 == 0 {
			length = n * pixelSize
		}
		pixels -= n
		offset += 1 + length
	}
	return offset, nil
}
