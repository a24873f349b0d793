package imagefile

import "encoding/binary"

// heifFile is how far a walk through an AVIF or HEIC came.
type heifFile struct {
	*window
	info  Info
	index bool   // a box that tells where pictures are was seen
	data  bool   // a box that holds them was seen
	used  uint64 // where the items end, in the file
}

// checkHEIF walks the boxes: ISO/IEC 23008-12.
func checkHEIF(w *window) (Info, error) {
	h := &heifFile{window: w}
	offset := int64(0)
	for offset < w.size {
		b, err := w.box(offset, w.size)
		if err == nil && b.is("ftyp") != (offset == 0) {
			err = w.corrupt("the box %s at byte %d cannot be there", letters(b.kind), offset)
		}
		if err != nil {
			if h.index && h.data && !topLevel(b) && damaged(err) {
				break // no box, but something that was appended
			}
			return h.info, err
		}
		switch {
		case b.is("meta"):
			err = h.meta(b)
		case b.is("moov"):
			h.index = true
		case b.is("mdat"):
			h.data = true
		}
		if err != nil {
			return h.info, err
		}
		offset = b.end
	}
	if !h.index || !h.data || h.used > uint64(w.size) {
		return h.info, w.truncated()
	}
	h.info.TrailingBytes = w.size - offset
	return h.info, nil
}

// topLevel reports whether b is a box that image files have, so that a part of
// it is a part of the image.
func topLevel(b box) bool {
	switch string(b.kind[:]) {
	case "meta", "mdat", "moov", "moof", "free", "skip", "uuid":
		return true
	}
	return false
}

// meta takes the items: ISO/IEC 14496-12 section 8.11.
func (h *heifFile) meta(meta box) error {
	h.index = true
	return h.children(meta, 4, func(b box) error { // behind version and flags
		switch {
		case b.is("iloc"):
			return h.locations(b)
		case b.is("idat"):
			h.data = true
		case b.is("iprp"):
			return h.children(b, 0, func(b box) error {
				if b.is("ipco") {
					return h.children(b, 0, h.property)
				}
				return nil
			})
		}
		return nil
	})
}

// children walks the boxes that a box holds.
func (h *heifFile) children(parent box, skip int64, do func(box) error) error {
	for offset := parent.body + skip; offset < parent.end; {
		b, err := h.box(offset, parent.end)
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

// property takes the dimensions of an item: ISO/IEC 23008-12 section 6.5.3.
func (h *heifFile) property(b box) error {
	if !b.is("ispe") {
		return nil
	}
	if b.end-b.body < 12 {
		return h.corrupt("a box ispe of %d bytes at byte %d", b.end-b.body, b.body)
	}
	v, err := h.at(b.body, 12)
	if err != nil {
		return err
	}
	h.info.largest(side(uint64(binary.BigEndian.Uint32(v[4:]))), side(uint64(binary.BigEndian.Uint32(v[8:]))))
	return nil
}

// locations takes where the items are: ISO/IEC 14496-12 section 8.11.3.
func (h *heifFile) locations(b box) error {
	c := &cursor{window: h.window, next: b.body, end: b.end}
	version := c.number(1)
	c.number(3)
	sizes := c.number(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12&15), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	wide := 2 // the width of an item's identifier, in bytes
	switch version {
	case 0:
		indexSize = 0
	case 1:
	case 2:
		wide = 4
	default:
		return c.err // a later version may be anything
	}
	for items := c.number(wide); items > 0 && c.err == nil; items-- {
		c.number(wide)
		method := uint64(0)
		if version > 0 {
			method = c.number(2) & 15
		}
		outside := c.number(2) != 0 // in another file
		base, extents := c.number(baseSize), c.number(2)
		if offsetSize+lengthSize+indexSize == 0 { // the item is everything
			continue
		}
		for ; extents > 0 && c.err == nil; extents-- {
			c.number(indexSize)
			offset, length := c.number(offsetSize), c.number(lengthSize)
			if method == 0 && !outside && c.err == nil {
				const most = 1 << 60 // so that the sum does not overflow
				h.used = max(h.used, min(base, most)+min(offset, most)+min(length, most))
			}
		}
	}
	return c.err
}

// cursor reads numbers, one after another, from a box.
type cursor struct {
	*window
	next, end int64
	err       error
}

// number reads a big-endian number of a width in bytes: 0, after an error too.
func (c *cursor) number(width int) uint64 {
	if c.err != nil || width == 0 {
		return 0
	}
	if width > 8 || c.next+int64(width) > c.end {
		c.err = c.corrupt("a list of items that does not fit its box at byte %d", c.next)
		return 0
	}
	b, err := c.at(c.next, width)
	if err != nil {
		c.err = err
		return 0
	}
	c.next += int64(width)
	v := uint64(0)
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return v
}
