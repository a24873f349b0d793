package imagefile

import "math/bits"

// checkStrips checks that strips are inside the file. Decoders read only the strips
// and the rows that the height needs, so what goes beyond those may be missing.
func (t *tiffWalk) checkStrips(d *tiffDirectory) error {
	if d.stripOffsets.count == 0 {
		return nil
	}
	rowBytes, err := t.rowBytes(d)
	if err != nil {
		return err
	}
	height := uint64(dimension(d.height))
	rows := d.rowsPerStrip
	if rows == 0 || rows > height {
		rows = height
	}
	strips, n := uint64(0), d.stripOffsets.count // strips of one plane, and of all
	if rows > 0 {
		strips = (height + rows - 1) / rows
		planes := uint64(1)
		if d.planar == 2 {
			planes = d.samples
		}
		if high, all := bits.Mul64(strips, planes); high == 0 && all > 0 && all < uint64(n) {
			n = int64(all)
		}
	}
	return t.eachExtent(d.stripOffsets, d.stripLengths, n,
		func(i int64, offset, length uint64) error {
			if d.stripLengths.count > 0 && t.inside(offset, length) {
				return nil
			}
			if rowBytes == 0 || strips == 0 { // how much is needed is not known
				if d.stripLengths.count == 0 && t.inside(offset, 0) {
					return nil
				}
				return t.truncated()
			}
			first := uint64(i) % strips * rows
			high, need := bits.Mul64(min(rows, height-first), rowBytes)
			if high != 0 || !t.inside(offset, need) {
				return t.truncated()
			}
			return nil
		})
}

// rowBytes returns the length of a row of uncompressed pixels, in bytes: of one plane
// if they are separate. It returns 0 if the length is not known.
func (t *tiffWalk) rowBytes(d *tiffDirectory) (uint64, error) {
	const uncompressed, ycbcr = 1, 6 // YCbCr may have fewer samples of colour
	if d.compression != uncompressed || d.photometric == ycbcr || d.samples > 1<<16 {
		return 0, nil
	}
	depth := uint64(1)
	if d.bitsPerSample.count > 0 {
		var err error
		if depth, err = t.value(t.window, d.bitsPerSample, 0); err != nil || depth > 64 {
			return 0, err
		}
	}
	if d.planar != 2 {
		depth *= d.samples
	}
	return (uint64(dimension(d.width))*depth + 7) / 8, nil
}

// checkTiles checks that tiles are inside the file. Some writers leave out the
// lengths.
func (t *tiffWalk) checkTiles(d *tiffDirectory) error {
	return t.eachExtent(d.tileOffsets, d.tileLengths, d.tileOffsets.count,
		func(_ int64, offset, length uint64) error {
			if !t.inside(offset, length) {
				return t.truncated()
			}
			return nil
		})
}
