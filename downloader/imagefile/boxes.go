package imagefile

import "encoding/binary"

// box is a box of the ISO base media file format: ISO/IEC 14496-12, section 4.2.
type box struct {
	kind      [4]byte
	body, end int64 // offsets of what it holds
	open      bool  // it has no length: it goes on to the end
}

func (b box) is(kind string) bool { return string(b.kind[:]) == kind }

// box reads the box at an offset, inside something that ends at limit. With an
// error, the box has its kind if that could be read.
func (w *window) box(offset, limit int64) (box, error) {
	if limit < w.size && offset+8 > limit {
		return box{}, w.corrupt("no box at byte %d", offset)
	}
	b, err := w.at(offset, 8)
	if err != nil {
		return box{}, err
	}
	found := box{kind: [4]byte(b[4:]), body: offset + 8}
	for _, c := range found.kind {
		if c < ' ' || c > '~' {
			return found, w.corrupt("no box at byte %d", offset)
		}
	}
	length := uint64(binary.BigEndian.Uint32(b))
	switch length {
	case 0:
		found.open, length = true, uint64(limit-offset)
	case 1:
		if b, err = w.at(offset+8, 8); err != nil {
			return found, err
		}
		found.body, length = offset+16, binary.BigEndian.Uint64(b)
	}
	if length < uint64(found.body-offset) {
		return found, w.corrupt("the box %s at byte %d has a length of %d", letters(found.kind), offset, length)
	}
	if length > uint64(limit-offset) {
		if limit < w.size {
			return found, w.corrupt("the box %s at byte %d goes past the end of what holds it", letters(found.kind), offset)
		}
		return found, w.truncated()
	}
	found.end = offset + int64(length)
	return found, nil
}

// brand tells the ISO base media formats apart by their file type box: the major
// brand, or else a compatible one (ISO/IEC 14496-12 section 4.3, ISO/IEC 23008-12
// section 10, AV1 Image File Format section 6).
func brand(b []byte) Format {
	format := brandFormat(b, 8)
	if format == AVIF || format == HEIC && !has(b, 8, "mif1") && !has(b, 8, "msf1") {
		return format
	}
	end := min(uint64(len(b)), uint64(binary.BigEndian.Uint32(b)))
	for i := 16; uint64(i)+4 <= end; i += 4 {
		switch compatible := brandFormat(b, i); {
		case compatible == AVIF:
			return AVIF
		case compatible == HEIC && !has(b, i, "hevc") && !has(b, i, "hevx"): // which films may have
			format = HEIC
		}
	}
	return format
}

func brandFormat(b []byte, at int) Format {
	if len(b) < at+4 {
		return Unknown
	}
	switch string(b[at : at+4]) {
	case "avif", "avis":
		return AVIF
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return HEIC
	}
	return Unknown
}
