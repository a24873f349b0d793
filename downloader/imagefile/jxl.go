package imagefile

import "encoding/binary"

const jxlSignature = "\x00\x00\x00\x0cJXL \r\n\x87\n" // a complete box

// checkJXL walks the boxes, if there are any: ISO/IEC 18181-2. The codestream
// itself does not mark its end.
func checkJXL(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 2)
	if err != nil {
		return info, err
	}
	if hasAt(b, 0, "\xff\x0a") {
		err = jxlSize(w, 0, &info)
		return info, err
	}
	if b, err = w.at(0, len(jxlSignature)); err != nil {
		return info, err
	}
	if string(b) != jxlSignature {
		return info, w.corrupt("no signature")
	}
	complete := false  // the codestream, or its last part, was read
	parts := uint32(0) // of the codestream that were read
	offset := int64(len(jxlSignature))
	for offset < w.size {
		b, err := w.box(offset, w.size)
		if err == nil && (b.is("ftyp") != (offset == int64(len(jxlSignature))) || b.is("JXL ")) {
			err = w.corrupt("unexpected box %s at byte %d", b.kind, offset)
		}
		if err != nil && complete && !isJXLBox(b) && isFileError(err) {
			break // not a box, but appended data
		}
		switch {
		case err != nil: // even a box that is cut may have the dimensions
			if b.is("jxlc") {
				_ = jxlSize(w, b.body, &info)
			}
		case b.is("jxlc"):
			if complete || parts > 0 {
				return info, w.corrupt("a second codestream at byte %d", offset)
			}
			complete, err = true, jxlSize(w, b.body, &info)
		case b.is("jxlp"):
			if complete {
				return info, w.corrupt("a part of the codestream after the last one, at byte %d", offset)
			}
			complete, err = jxlPart(w, b, parts, &info)
			parts++
		}
		if err != nil {
			return info, err
		}
		offset = b.end
	}
	if !complete {
		return info, w.truncated()
	}
	info.TrailingBytes = w.size - offset
	return info, nil
}

// isJXLBox reports whether b is one of the boxes of these files. If such a box is
// cut, the image is cut.
func isJXLBox(b box) bool {
	switch string(b.kind[:]) {
	case "jxlc", "jxlp", "jxll", "jxli", "jbrd", "brob", "Exif", "xml ", "jumb", "jhgm", "free":
		return true
	}
	return false
}

// jxlPart reads the start of a part of the codestream, and reports whether it is
// the last part. A part begins with its number, which must be want: decoders refuse
// parts out of order. Part 0 has the dimensions.
func jxlPart(w *window, b box, want uint32, info *Info) (last bool, err error) {
	if b.end-b.body < 4 {
		return false, w.corrupt("box jxlp at byte %d has the invalid length %d", b.body, b.end-b.body)
	}
	v, err := w.at(b.body, 4)
	if err != nil {
		return false, err
	}
	number, last := binary.BigEndian.Uint32(v)&^(1<<31), v[0]>>7 != 0
	if number != want {
		return false, w.corrupt("part %d of the codestream at byte %d, where part %d belongs",
			number, b.body, want)
	}
	if number == 0 {
		err = jxlSize(w, b.body+4, info)
	}
	return last, err
}

// jxlSize reads the start of a codestream: ISO/IEC 18181-1, annex D.2.
func jxlSize(w *window, offset int64, info *Info) error {
	b, err := w.at(offset, 2+9)
	if err != nil {
		return err
	}
	if !hasAt(b, 0, "\xff\x0a") {
		return w.corrupt("no codestream at byte %d", offset)
	}
	bits := jxlBits{low: binary.LittleEndian.Uint64(b[2:]), high: uint64(b[10])}
	small := bits.take(1) == 1
	height := bits.dimension(small)
	width := height
	switch ratio := bits.take(3); ratio {
	case 0:
		width = bits.dimension(small)
	case 2:
		width = height * 12 / 10
	case 3:
		width = height * 4 / 3
	case 4:
		width = height * 3 / 2
	case 5:
		width = height * 16 / 9
	case 6:
		width = height * 5 / 4
	case 7:
		width = height * 2
	}
	info.Width, info.Height = dimension(width), dimension(height)
	return nil
}

// jxlBits is a sequence of up to 72 bits, the least significant first.
type jxlBits struct{ low, high uint64 }

// take removes and returns the next n bits.
func (b *jxlBits) take(n uint) uint64 {
	v := b.low & (1<<n - 1)
	b.low = b.low>>n | b.high<<(64-n)
	b.high >>= n
	return v
}

// dimension removes and returns a width or a height. In a small image both are
// multiples of 8.
func (b *jxlBits) dimension(small bool) uint64 {
	if small {
		return 8 * (1 + b.take(5))
	}
	switch b.take(2) {
	case 0:
		return 1 + b.take(9)
	case 1:
		return 1 + b.take(13)
	case 2:
		return 1 + b.take(18)
	}
	return 1 + b.take(30)
}
