package imagefile

import (
	"encoding/binary"
	"slices"
)

// heifProperties locates what tells the size of the primary item.
type heifProperties struct {
	primary      uint64 // its ID; 0: not known
	list         box    // ipco: the properties of all items
	associations []box  // ipma: which of them each item has
}

// maxHEIFAssociations limits the boxes ipma that are kept. There is one for each
// version and flags.
const maxHEIFAssociations = 8

// addAssociations keeps a box ipma.
func (p *heifProperties) addAssociations(b box) {
	if len(p.associations) < maxHEIFAssociations {
		p.associations = append(p.associations, b)
	}
}

// readPrimary reads the box pitm: ISO/IEC 14496-12 section 8.11.4.
func (p *heifProperties) readPrimary(w *window, b box) error {
	c := &cursor{window: w, next: b.body, end: b.end}
	size := 2
	if c.number(1) > 0 {
		size = 4
	}
	c.number(3)
	p.primary = c.number(size)
	return c.err
}

// ofPrimary returns the numbers of the primary item's properties, from 1 and sorted:
// ISO/IEC 23008-12 section 9.3.
func (p *heifProperties) ofPrimary(w *window) ([]uint64, error) {
	for _, b := range p.associations {
		c := &cursor{window: w, next: b.body, end: b.end}
		idSize, numberSize, number := 2, 1, uint64(1<<7-1)
		if c.number(1) > 0 {
			idSize = 4
		}
		if c.number(3)&1 != 0 {
			numberSize, number = 2, 1<<15-1
		}
		for items := c.number(4); items > 0 && c.err == nil; items-- {
			id, count := c.number(idSize), c.number(1)
			if id != p.primary {
				c.next += int64(count) * int64(numberSize)
				continue
			}
			numbers := make([]uint64, 0, count)
			for range count {
				numbers = append(numbers, c.number(numberSize)&number) // without the bit "essential"
			}
			slices.Sort(numbers)
			return slices.Compact(numbers), c.err
		}
		if c.err != nil {
			return nil, c.err
		}
	}
	return nil, nil
}

// size sets the dimensions to those of the primary item after its crop. Without a
// primary item, those of the largest item stay.
func (p *heifProperties) size(w *window, info *Info) error {
	if p.primary == 0 || p.list.end == 0 {
		return nil
	}
	numbers, err := p.ofPrimary(w)
	if err != nil {
		return err
	}
	var size, crop Info
	n := uint64(0)
	err = w.children(p.list, 0, func(b box) error {
		n++
		for len(numbers) > 0 && numbers[0] < n {
			numbers = numbers[1:]
		}
		if len(numbers) == 0 || numbers[0] > n {
			return nil
		}
		switch {
		case b.is("ispe"):
			return heifExtents(w, b, &size)
		case b.is("clap"):
			return heifAperture(w, b, &crop)
		}
		return nil
	})
	if err != nil || size.pixels() == 0 {
		return err
	}
	if crop.pixels() > 0 && crop.Width <= size.Width && crop.Height <= size.Height {
		size = crop
	}
	info.Width, info.Height = size.Width, size.Height
	return nil
}

// keepLargest keeps the dimensions of a property if no other has more pixels.
func keepLargest(w *window, b box, info *Info) error {
	if !b.is("ispe") {
		return nil
	}
	var size Info
	if err := heifExtents(w, b, &size); err != nil {
		return err
	}
	info.keepLarger(size.Width, size.Height)
	return nil
}

// heifExtents reads the dimensions of an item: ISO/IEC 23008-12 section 6.5.3.
func heifExtents(w *window, b box, size *Info) error {
	v, err := heifProperty(w, b, 12)
	if err != nil {
		return err
	}
	size.Width = dimension(uint64(binary.BigEndian.Uint32(v[4:])))
	size.Height = dimension(uint64(binary.BigEndian.Uint32(v[8:])))
	return nil
}

// heifAperture reads the dimensions that remain after a crop, which are fractions:
// ISO/IEC 14496-12 section 12.1.4.
func heifAperture(w *window, b box, size *Info) error {
	v, err := heifProperty(w, b, 16)
	if err != nil {
		return err
	}
	width, height := binary.BigEndian.Uint32(v), binary.BigEndian.Uint32(v[8:])
	size.Width = dimension(uint64(width / max(1, binary.BigEndian.Uint32(v[4:]))))
	size.Height = dimension(uint64(height / max(1, binary.BigEndian.Uint32(v[12:]))))
	return nil
}

// heifProperty returns the first n bytes of a property.
func heifProperty(w *window, b box, n int) ([]byte, error) {
	if b.end-b.body < int64(n) {
		return nil, w.corrupt("box %s at byte %d has the invalid length %d", b.kind, b.body, b.end-b.body)
	}
	return w.at(b.body, n)
}

// minimizedSize reads the dimensions from the box mini, which takes the place of all
// others in a small file: ISO/IEC 23008-12:2025. 16 bits of flags come first.
func minimizedSize(w *window, b box, info *Info) error {
	v, err := heifProperty(w, b, 6)
	if err != nil {
		return err
	}
	bits := binary.BigEndian.Uint32(v[2:])
	length := 7 // of a dimension, in bits
	if bits>>31 != 0 {
		length = 15
	}
	mask := uint32(1)<<length - 1
	info.Width = int(bits>>(31-length)&mask) + 1
	info.Height = int(bits>>(31-2*length)&mask) + 1
	return nil
}
