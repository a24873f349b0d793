package imagefile

// heifItemsEnd returns the largest offset that the items of the box iloc need:
// ISO/IEC 14496-12 section 8.11.3.
func heifItemsEnd(w *window, b box) (end uint64, err error) {
	c := &cursor{window: w, next: b.body, end: b.end}
	version := c.number(1)
	c.number(3)
	sizes := c.number(2)
	offsetSize, lengthSize := int(sizes>>12&15), int(sizes>>8&15)
	baseSize, indexSize := int(sizes>>4&15), int(sizes&15)
	idSize := 2
	switch version {
	case 0:
		indexSize = 0
	case 1:
	case 2:
		idSize = 4
	default:
		return 0, c.err // the layout of later versions is not known
	}
	for items := c.number(idSize); items > 0 && c.err == nil; items-- {
		c.number(idSize)
		method := uint64(0)
		if version > 0 {
			method = c.number(2) & 15
		}
		otherFile := c.number(2) != 0
		base, extents := c.number(baseSize), c.number(2)
		if offsetSize+lengthSize+indexSize == 0 { // one extent: the whole file
			continue
		}
		for ; extents > 0 && c.err == nil; extents-- {
			c.number(indexSize)
			offset, length := c.number(offsetSize), c.number(lengthSize)
			if method == 0 && !otherFile && c.err == nil {
				const most = 1 << 60 // so that the sum does not overflow
				end = max(end, min(base, most)+min(offset, most)+min(length, most))
			}
		}
	}
	return end, c.err
}

// cursor reads consecutive numbers from a box.
type cursor struct {
	*window
	next, end int64
	err       error // the first one
}

// number reads a big-endian number of size bytes. It returns 0 for size 0, and
// after an error.
func (c *cursor) number(size int) uint64 {
	if c.err != nil || size == 0 {
		return 0
	}
	if size > 8 || c.next+int64(size) > c.end {
		c.err = c.corrupt("the item list at byte %d does not fit its box", c.next)
		return 0
	}
	b, err := c.at(c.next, size)
	if err != nil {
		c.err = err
		return 0
	}
	c.next += int64(size)
	v := uint64(0)
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return v
}
