package imagefile

import "encoding/binary"

// checkGIF walks the blocks: GIF89a, appendix B. It takes all the pictures of an
// animation, but looks at no more than their headers.
func checkGIF(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 13)
	if err != nil {
		return info, err
	}
	if !has(b, 0, "GIF87a") && !has(b, 0, "GIF89a") {
		return info, w.corrupt("no signature")
	}
	info.Width, info.Height = int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:]))
	offset, pictures := 13+gifTable(b[10]), 0
	for {
		b, err := w.at(offset, 1)
		if err != nil {
			return info, err
		}
		switch b[0] {
		case 0x21:
			offset, err = gifExtension(w, offset)
		case 0x2c: // picture
			pictures++
			offset, err = gifPicture(w, offset, &info)
		case 0x3b: // trailer
			if pictures == 0 {
				return info, w.corrupt("no picture before the end at byte %d", offset)
			}
			info.TrailingBytes = w.size - offset - 1
			return info, nil
		default:
			err = w.corrupt("a block of the kind %#x at byte %d", b[0], offset)
		}
		if err != nil {
			return info, err
		}
	}
}

// gifExtension returns the offset behind the extension at an offset: its label, a
// first block if it has a header (sections 25 and 26), its data. A first block
// without bytes does not end it: decoders take the length of a header for granted.
func gifExtension(w *window, offset int64) (int64, error) {
	b, err := w.at(offset, 3)
	if err != nil {
		return 0, err
	}
	switch b[1] {
	case 0x01: // text
		return gifBlocks(w, offset+2+1+12)
	case 0xff: // of an application
		return gifBlocks(w, offset+2+1+int64(b[2]))
	}
	return gifBlocks(w, offset+2)
}

// gifPicture returns the offset behind the picture at an offset: its descriptor,
// colour table and data.
func gifPicture(w *window, offset int64, info *Info) (int64, error) {
	b, err := w.at(offset, 10)
	if err != nil {
		return 0, err
	}
	if info.Width == 0 || info.Height == 0 { // some encoders leave the canvas to the first picture
		info.Width, info.Height = int(binary.LittleEndian.Uint16(b[5:])), int(binary.LittleEndian.Uint16(b[7:]))
	}
	offset += 10 + gifTable(b[9])
	if b, err = w.at(offset, 1); err != nil {
		return 0, err
	}
	if b[0] < 2 || b[0] > 8 { // appendix F
		return 0, w.corrupt("LZW codes of %d bits at byte %d", b[0], offset)
	}
	return gifBlocks(w, offset+1)
}

// gifTable returns the length of a colour table, in bytes, by the flags that
// announce it.
func gifTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifBlocks returns the offset behind the data sub-blocks at an offset.
func gifBlocks(w *window, offset int64) (int64, error) {
	for {
		b, err := w.at(offset, 1)
		if err != nil {
			return 0, err
		}
		offset += 1 + int64(b[0])
		if b[0] == 0 {
			return offset, nil
		}
	}
}
