package imagefile

import "math/bits"

// Tags: TIFF 6.0, part 1 section 8 and part 2 section 15.
const (
	tiffWidth        = 256
	tiffHeight       = 257
	tiffStripOffsets = 273
	tiffStripLengths = 279
	tiffTileOffsets  = 324
	tiffTileLengths  = 325
)

// maxTIFFDirectories limits the length of the chain of directories.
const maxTIFFDirectories = 1 << 16

// tiffWalk is the state of a walk through a TIFF.
type tiffWalk struct {
	tiffReader
	lengths *window // for a list of lengths that is read along with one of offsets
	info    Info
}

// tiffDirectory holds the fields of a directory that a check needs.
type tiffDirectory struct {
	width, height              uint64
	stripOffsets, stripLengths tiffField
	tileOffsets, tileLengths   tiffField
}

// checkTIFF follows the chain of directories: TIFF 6.0, part 1 section 2.
func checkTIFF(w *window) (Info, error) {
	t := &tiffWalk{tiffReader: tiffReader{window: w, budget: w.size}}
	next, err := t.header()
	for n := 0; err == nil && next != 0; n++ {
		if n == maxTIFFDirectories {
			err = w.corrupt("more than %d directories", maxTIFFDirectories)
			break
		}
		next, err = t.directory(next)
	}
	if err == nil && (t.info.Width == 0 || t.info.Height == 0) {
		err = w.corrupt("no directory has a width and a height")
	}
	return t.info, err
}

// directory checks the directory at an offset and the data that it refers to. It
// returns the offset of the next directory, or 0.
func (t *tiffWalk) directory(offset int64) (int64, error) {
	countSize := int64(2)
	if t.big {
		countSize = 8
	}
	b, err := t.window.at(offset, int(countSize))
	if err != nil {
		return 0, err
	}
	count := t.number(b)
	if count > uint64(t.size/t.entrySize()) {
		return 0, t.truncated()
	}
	length := countSize + int64(count)*t.entrySize() + t.wordSize()
	if offset+length > t.size {
		return 0, t.truncated()
	}
	if err := t.spend(length); err != nil {
		return 0, err
	}
	d, err := t.entries(offset+countSize, int64(count))
	if t.info.Width == 0 || t.info.Height == 0 {
		t.info.Width, t.info.Height = dimension(d.width), dimension(d.height)
	}
	if err != nil {
		return 0, err
	}
	if err := t.checkExtents(d.stripOffsets, d.stripLengths); err != nil {
		return 0, err
	}
	if err := t.checkExtents(d.tileOffsets, d.tileLengths); err != nil {
		return 0, err
	}
	return t.offset(offset + length - t.wordSize())
}

// entries reads the entries of a directory.
func (t *tiffWalk) entries(offset, count int64) (tiffDirectory, error) {
	var d tiffDirectory
	for range count {
		field, err := t.field(offset)
		switch field.tag {
		case tiffWidth:
			d.width, err = t.value(t.window, field, 0)
		case tiffHeight:
			d.height, err = t.value(t.window, field, 0)
		case tiffStripOffsets:
			d.stripOffsets = field
		case tiffStripLengths:
			d.stripLengths = field
		case tiffTileOffsets:
			d.tileOffsets = field
		case tiffTileLengths:
			d.tileLengths = field
		}
		if err != nil {
			return d, err
		}
		offset += t.entrySize()
	}
	return d, nil
}

// checkExtents checks that strips or tiles are inside the file. Some writers leave
// out the lengths.
func (t *tiffWalk) checkExtents(offsets, lengths tiffField) error {
	if lengths.count != 0 && lengths.count != offsets.count {
		return t.corrupt("%d strips or tiles, but %d lengths for them", offsets.count, lengths.count)
	}
	window := t.window
	if lengths.count > 4 { // both lists are outside their entries
		if err := t.spend((offsets.count + lengths.count) * 2); err != nil {
			return err
		}
		if t.lengths == nil {
			t.lengths = newWindow(t.format, t.r, t.size)
		}
		window = t.lengths
	}
	for i := range offsets.count {
		offset, err := t.value(t.window, offsets, i)
		if err != nil {
			return err
		}
		length, err := t.value(window, lengths, i)
		if err != nil {
			return err
		}
		if end, carry := bits.Add64(offset, length, 0); carry != 0 || end > uint64(t.size) {
			return t.truncated()
		}
	}
	return nil
}
