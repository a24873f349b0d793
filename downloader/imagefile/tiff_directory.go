package imagefile

import "math/bits"

// Tags: TIFF 6.0, part 1 section 8 and part 2 section 15.
const (
	tiffWidth         = 256
	tiffHeight        = 257
	tiffBitsPerSample = 258
	tiffCompression   = 259
	tiffPhotometric   = 262
	tiffFillOrder     = 266
	tiffStripOffsets  = 273
	tiffSamples       = 277
	tiffRowsPerStrip  = 278
	tiffStripLengths  = 279
	tiffPlanar        = 284
	tiffT4Options     = 292
	tiffTileOffsets   = 324
	tiffTileLengths   = 325
)

// tiffWalk is the state of a walk through a TIFF.
type tiffWalk struct {
	tiffReader
	lengths *window // for a list of lengths that is read along with one of offsets
	info    Info
	first   tiffDirectory // the one whose image is decoded
}

// tiffDirectory holds the fields of a directory that a check needs.
type tiffDirectory struct {
	width, height              uint64
	bitsPerSample              tiffField
	compression, photometric   uint64
	samples, planar            uint64
	rowsPerStrip               uint64
	fillOrder, t4Options       uint64
	stripOffsets, stripLengths tiffField
	tileOffsets, tileLengths   tiffField
}

// entries reads the entries of a directory.
func (t *tiffWalk) entries(offset, count int64) (tiffDirectory, error) {
	d := tiffDirectory{compression: 1, samples: 1, planar: 1, fillOrder: 1}
	for range count {
		field, err := t.field(offset)
		if err == nil {
			err = t.keep(&d, field)
		}
		if err != nil {
			return d, err
		}
		offset += t.entrySize()
	}
	return d, nil
}

// keep stores a field in d, if a check needs it.
func (t *tiffWalk) keep(d *tiffDirectory, field tiffField) (err error) {
	read := func(to *uint64) {
		if field.count > 0 {
			*to, err = t.value(t.window, field, 0)
		}
	}
	switch field.tag {
	case tiffWidth:
		read(&d.width)
	case tiffHeight:
		read(&d.height)
	case tiffBitsPerSample:
		d.bitsPerSample = field
	case tiffCompression:
		read(&d.compression)
	case tiffPhotometric:
		read(&d.photometric)
	case tiffFillOrder:
		read(&d.fillOrder)
	case tiffStripOffsets:
		d.stripOffsets = field
	case tiffSamples:
		read(&d.samples)
	case tiffRowsPerStrip:
		read(&d.rowsPerStrip)
	case tiffStripLengths:
		d.stripLengths = field
	case tiffPlanar:
		read(&d.planar)
	case tiffT4Options:
		read(&d.t4Options)
	case tiffTileOffsets:
		d.tileOffsets = field
	case tiffTileLengths:
		d.tileLengths = field
	}
	return err
}

// eachExtent calls do with the offset and the length of each of the first n strips or
// tiles. The length is 0 if there is no list of lengths.
func (t *tiffWalk) eachExtent(
	offsets, lengths tiffField, n int64, do func(i int64, offset, length uint64) error,
) error {
	if lengths.count != 0 && lengths.count < n {
		return t.corrupt("%d strips or tiles, but %d lengths for them", n, lengths.count)
	}
	const mostInside = 4 // values that fit into an entry
	window := t.window
	if n > mostInside {
		if err := t.spend(n * 4); err != nil { // of two lists, with two bytes a value or more
			return err
		}
	}
	if lengths.count > mostInside { // both lists are outside their entries
		if t.lengths == nil {
			t.lengths = newWindow(t.format, t.r, t.size)
		}
		window = t.lengths
	}
	for i := range n {
		offset, err := t.value(t.window, offsets, i)
		if err != nil {
			return err
		}
		length, err := t.value(window, lengths, i)
		if err != nil {
			return err
		}
		if err := do(i, offset, length); err != nil {
			return err
		}
	}
	return nil
}

// inside reports whether an extent is inside the file.
func (t *tiffWalk) inside(offset, length uint64) bool {
	end, carry := bits.Add64(offset, length, 0)
	return carry == 0 && end <= uint64(t.size)
}
