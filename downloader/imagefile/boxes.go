package imagefile

import "encoding/binary"

// box is a box of the ISO base media file format: ISO/IEC 14496-12, section 4.2.
type box struct {
	kind      fourCC
	body, end int64 // offsets of the content and of its end
}

func (b box) is(kind string) bool { return b.kind.is(kind) }

// box reads the header of the box at an offset, inside a parent that ends at
// limit. Along with an error it returns the box's kind, if that could be read.
func (w *window) box(offset, limit int64) (box, error) {
	if limit < w.size && offset+8 > limit {
		return box{}, w.corrupt("no valid box at byte %d", offset)
	}
	b, err := w.at(offset, 8)
	if err != nil {
		return box{}, err
	}
	found := box{kind: fourCC(b[4:]), body: offset + 8}
	if !found.kind.printable() {
		return found, w.corrupt("no valid box at byte %d", offset)
	}
	length := uint64(binary.BigEndian.Uint32(b))
	switch length {
	case 0: // the box extends to the end of its parent
		length = uint64(limit - offset)
	case 1: // a longer length follows
		if b, err = w.at(offset+8, 8); err != nil {
			return found, err
		}
		found.body, length = offset+16, binary.BigEndian.Uint64(b)
	}
	if length < uint64(found.body-offset) {
		return found, w.corrupt("box %s at byte %d has the invalid length %d",
			found.kind, offset, length)
	}
	if length > uint64(limit-offset) {
		if limit < w.size {
			return found, w.corrupt("box %s at byte %d extends past the end of its parent",
				found.kind, offset)
		}
		return found, w.truncated()
	}
	found.end = offset + int64(length)
	return found, nil
}

// children calls do for each box inside parent, after skip bytes.
func (w *window) children(parent box, skip int64, do func(box) error) error {
	for offset := parent.body + skip; offset < parent.end; {
		b, err := w.box(offset, parent.end)
		if err == nil {
			err = do(b)
		}
		if err != nil {
			return err
		}
		offset = b.end
	}
	return nil
}
