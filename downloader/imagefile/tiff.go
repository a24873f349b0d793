package imagefile

// maxTIFFDirectories limits the length of the chain of directories.
const maxTIFFDirectories = 1 << 16

// checkTIFF follows the chain of directories: TIFF 6.0, part 1 section 2.
func checkTIFF(w *window) (Info, error) {
	var t tiffWalk
	err := t.walk(w)
	return t.info, err
}

// walk goes through the directories. Like decoders, it ends a chain that returns to a
// directory that it has been through. It finds that as R. P. Brent does (1980): it
// compares each directory with the last one whose number was a power of two.
func (t *tiffWalk) walk(w *window) error {
	t.tiffReader = tiffReader{window: w, budget: tiffPasses * w.size}
	next, err := t.header()
	for n, mark := 1, int64(0); err == nil && next != 0 && next != mark; n++ {
		if n > maxTIFFDirectories {
			err = w.corrupt("more than %d directories", maxTIFFDirectories)
			break
		}
		if n&(n-1) == 0 {
			mark = next
		}
		next, err = t.directory(next, n == 1)
	}
	if err == nil && (t.info.Width == 0 || t.info.Height == 0) {
		err = w.corrupt("no directory has a width and a height")
	}
	return err
}

// directory checks the directory at an offset and the data that it refers to. It
// returns the offset of the next directory, or 0.
func (t *tiffWalk) directory(offset int64, first bool) (int64, error) {
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
	end := offset + countSize + int64(count)*t.entrySize()
	if end > t.size {
		return 0, t.truncated()
	}
	if err := t.spend(end + t.wordSize() - offset); err != nil {
		return 0, err
	}
	d, err := t.entries(offset+countSize, int64(count))
	if first {
		t.first = d
	}
	if t.info.Width == 0 || t.info.Height == 0 {
		t.info.Width, t.info.Height = dimension(d.width), dimension(d.height)
	}
	if err != nil {
		return 0, err
	}
	if err := t.checkStrips(&d); err != nil {
		return 0, err
	}
	if err := t.checkTiles(&d); err != nil {
		return 0, err
	}
	if end+t.wordSize() > t.size { // some writers leave out the last offset
		return 0, nil
	}
	return t.offset(end)
}
