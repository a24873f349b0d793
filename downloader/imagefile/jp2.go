package imagefile

import "encoding/binary"

const (
	jp2Signature = "\x00\x00\x00\x0cjP  \r\n\x87\n" // a complete box
	j2kSignature = "\xff\x4f\xff\x51"               // the markers SOC and SIZ
)

// The second byte of the markers that a walk needs, after 0xff: ITU-T T.800, table A.2.
const (
	j2kSIZ = 0x51
	j2kSOT = 0x90
	j2kEOC = 0xd9
)

// checkJP2 walks the boxes up to the codestream and all that follow it, or a bare
// codestream: ITU-T T.800, annexes I and A.
func checkJP2(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 4)
	if err != nil {
		return info, err
	}
	if string(b) == j2kSignature {
		end, err := walkJ2K(w, 0, w.size, &info)
		if err == nil {
			info.TrailingBytes = w.size - end
		}
		return info, err
	}
	if b, err = w.at(0, len(jp2Signature)); err != nil {
		return info, err
	}
	if string(b) != jp2Signature {
		return info, w.corrupt("no signature")
	}
	complete := false
	offset := int64(len(jp2Signature))
	for offset < w.size {
		b, err := w.box(offset, w.size)
		second := offset == int64(len(jp2Signature))
		if err == nil && (b.is("jP  ") || b.is("ftyp") && !second) {
			err = w.corrupt("unexpected box %s at byte %d", b.kind, offset)
		}
		if err != nil && complete && isFileError(err) && !isJP2Box(b) {
			break // not a box, but appended data
		}
		if b.is("jp2c") && b.body > 0 { // even if it is cut, it has the dimensions
			end := b.end
			if err != nil {
				end = w.size
			}
			if _, inside := walkJ2K(w, b.body, end, &info); err == nil {
				err, complete = inside, true
			}
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

// isJP2Box reports whether b is one of the boxes of these files. If such a box is cut,
// the file is cut.
func isJP2Box(b box) bool {
	switch string(b.kind[:]) {
	case "jp2h", "jp2c", "jp2i", "xml ", "uuid", "uinf", "jpch", "jplh", "asoc":
		return true
	}
	return false
}

// walkJ2K walks a codestream: its main header and its tile-parts, whose headers have
// their lengths. It returns the offset after the end marker.
func walkJ2K(w *window, offset, limit int64, info *Info) (int64, error) {
	for offset += 2; ; { // after SOC
		if offset+2 > limit {
			return 0, w.truncated()
		}
		b, err := w.at(offset, 2)
		if err != nil {
			return 0, err
		}
		marker := b[1]
		if b[0] != 0xff {
			return 0, w.corrupt("no marker at byte %d", offset)
		}
		if marker == j2kEOC {
			return offset + 2, nil
		}
		if b, err = w.at(offset+2, 2); err != nil {
			return 0, err
		}
		length := int64(binary.BigEndian.Uint16(b))
		if length < 2 {
			return 0, w.corrupt("the segment at byte %d has the invalid length %d", offset, length)
		}
		switch marker {
		case j2kSIZ:
			err = j2kSize(w, offset+4, info)
		case j2kSOT:
			length, err = j2kTilePart(w, offset, limit)
		}
		if err != nil {
			return 0, err
		}
		offset += 2 + length
		if offset > limit {
			return 0, w.truncated()
		}
	}
}

// j2kSize reads the dimensions: section A.5.1.
func j2kSize(w *window, offset int64, info *Info) error {
	b, err := w.at(offset, 18)
	if err != nil {
		return err
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint32(b[at:])) }
	width, height := number(2)-number(10), number(6)-number(14)
	if width <= 0 || height <= 0 {
		return w.corrupt("the image has no width or no height")
	}
	info.Width, info.Height = dimension(uint64(width)), dimension(uint64(height))
	return nil
}

// j2kTilePart returns the length of a tile-part without its marker: section A.4.2. A
// length of 0 means that the tile-part extends to the end marker, which is the last.
func j2kTilePart(w *window, offset, limit int64) (int64, error) {
	b, err := w.at(offset, 12)
	if err != nil {
		return 0, err
	}
	length := int64(binary.BigEndian.Uint32(b[6:]))
	if length == 0 {
		length = limit - 2 - offset
		if b, err = w.at(limit-2, 2); err != nil || b[0] != 0xff || b[1] != j2kEOC {
			return 0, w.truncated()
		}
	}
	if length < 12 {
		return 0, w.corrupt("the tile-part at byte %d has the invalid length %d", offset, length)
	}
	return length - 2, nil
}
