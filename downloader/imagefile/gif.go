package imagefile

import "encoding/binary"

// maxGIFCodeSize is the largest initial LZW code size that decoders accept. Appendix
// F allows 2 to 8, but tracking pixels have 1.
const maxGIFCodeSize = 11

// checkGIF walks the blocks: GIF89a, appendix B. It reads every frame of an
// animation, but does not decode it. Like decoders, it skips stray bytes between
// blocks after the first frame. A picture without a trailer is whole, but not an
// animation: its next frames may be missing.
func checkGIF(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 13)
	if err != nil {
		return info, err
	}
	if !hasAt(b, 0, "GIF87a") && !hasAt(b, 0, "GIF89a") {
		return info, w.corrupt("no signature")
	}
	info.Width = int(binary.LittleEndian.Uint16(b[6:]))
	info.Height = int(binary.LittleEndian.Uint16(b[8:]))
	offset, frames, animated := 13+gifTableLength(b[10]), 0, false
	for {
		if offset == w.size && frames == 1 && !animated {
			return info, nil
		}
		b, err := w.at(offset, 1)
		if err != nil {
			return info, err
		}
		switch b[0] {
		case 0x21:
			animated = animated || isGIFLoop(w, offset)
			offset, err = skipGIFExtension(w, offset)
		case 0x2c: // image descriptor
			frames++
			offset, err = skipGIFFrame(w, offset, frames == 1, &info)
		case 0x3b: // trailer
			if frames == 0 {
				return info, w.corrupt("no image before the trailer at byte %d", offset)
			}
			info.TrailingBytes = w.size - offset - 1
			return info, nil
		default:
			if frames == 0 {
				return info, w.corrupt("unknown block type %#x at byte %d", b[0], offset)
			}
			offset++
		}
		if err != nil {
			return info, err
		}
	}
}

// skipGIFExtension returns the offset after the extension at an offset. Plain text
// and application extensions have a header before their data (sections 25 and 26).
// A header of length 0 does not end the extension: decoders do not look at it.
func skipGIFExtension(w *window, offset int64) (int64, error) {
	b, err := w.at(offset, 3)
	if err != nil {
		return 0, err
	}
	switch b[1] {
	case 0x01: // plain text
		return skipGIFBlocks(w, offset+2+1+12)
	case 0xff: // application
		return skipGIFBlocks(w, offset+2+1+int64(b[2]))
	}
	return skipGIFBlocks(w, offset+2)
}

// isGIFLoop reports whether the extension at an offset announces an animation.
func isGIFLoop(w *window, offset int64) bool {
	b, err := w.at(offset, 14)
	return err == nil && (hasAt(b, 1, "\xff\x0bNETSCAPE2.0") || hasAt(b, 1, "\xff\x0bANIMEXTS1.0"))
}

// skipGIFFrame returns the offset after the frame at an offset: its descriptor,
// colour table and data. The canvas is at least as large as the first frame.
func skipGIFFrame(w *window, offset int64, first bool, info *Info) (int64, error) {
	b, err := w.at(offset, 10)
	if err != nil {
		return 0, err
	}
	if first { // some encoders leave out the size of the canvas, or write one that is too small
		number := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
		info.Width = max(info.Width, number(1)+number(5))
		info.Height = max(info.Height, number(3)+number(7))
	}
	offset += 10 + gifTableLength(b[9])
	if b, err = w.at(offset, 1); err != nil {
		return 0, err
	}
	if b[0] < 1 || b[0] > maxGIFCodeSize {
		return 0, w.corrupt("invalid LZW code size %d at byte %d", b[0], offset)
	}
	return skipGIFBlocks(w, offset+1)
}

// gifTableLength returns the length of a colour table, in bytes, from the flags
// that describe it.
func gifTableLength(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// skipGIFBlocks returns the offset after the data sub-blocks at an offset.
func skipGIFBlocks(w *window, offset int64) (int64, error) {
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
