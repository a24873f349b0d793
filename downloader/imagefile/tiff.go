package imagefile

import (
	"encoding/binary"
	"math/bits"
)

// Tags: TIFF 6.0, part 1 section 8 and part 2 section 15.
const (
	tiffWidth        = 256
	tiffHeight       = 257
	tiffStripOffsets = 273
	tiffStripCounts  = 279
	tiffTileOffsets  = 324
	tiffTileCounts   = 325
)

// tiffDirectories bounds the length of the chain.
const tiffDirectories = 1 << 16

// tiffFile is a walk through a TIFF, or a BigTIFF, whose numbers are wider.
type tiffFile struct {
	*window
	aside *window // for a second list that is read along with the first
	order binary.ByteOrder
	big   bool
	left  int64 // bytes to be read before some must have been read twice
	info  Info
}

// tiffField is one entry of a directory.
type tiffField struct {
	tag, kind uint16
	count     int64
	at        int64 // offset of its values
}

// tiffPicture is what counts of a directory.
type tiffPicture struct {
	width, height uint64
	strips, tiles tiffField // where they are

	stripCounts, tileCounts tiffField // how long they are
}

// checkTIFF follows the chain of directories: TIFF 6.0, part 1 section 2.
func checkTIFF(w *window) (Info, error) {
	t := &tiffFile{window: w, left: w.size}
	next, err := t.header()
	for n := 0; err == nil && next != 0; n++ {
		if n == tiffDirectories {
			err = w.corrupt("more than %d directories", tiffDirectories)
			break
		}
		next, err = t.directory(next)
	}
	if err == nil && (t.info.Width == 0 || t.info.Height == 0) {
		err = w.corrupt("no picture has a width and a height")
	}
	return t.info, err
}

// header returns the offset of the first directory.
func (t *tiffFile) header() (int64, error) {
	b, err := t.window.at(0, 8)
	if err != nil {
		return 0, err
	}
	switch string(b[:4]) {
	case "II*\x00", "II+\x00":
		t.order = binary.LittleEndian
	case "MM\x00*", "MM\x00+":
		t.order = binary.BigEndian
	default:
		return 0, t.corrupt("no signature")
	}
	if t.order.Uint16(b[2:]) == 42 {
		return int64(t.order.Uint32(b[4:])), nil
	}
	t.big = true
	if t.order.Uint16(b[4:]) != 8 || t.order.Uint16(b[6:]) != 0 {
		return 0, t.corrupt("an impossible header")
	}
	return t.offset(8)
}

// word is the width of an offset or a count, in bytes.
func (t *tiffFile) word() int64 {
	if t.big {
		return 8
	}
	return 4
}

// offset reads an offset, which is inside the file.
func (t *tiffFile) offset(at int64) (int64, error) {
	b, err := t.window.at(at, int(t.word()))
	if err != nil {
		return 0, err
	}
	v := t.number(b)
	if v > uint64(t.size) {
		return 0, t.truncated()
	}
	return int64(v), nil
}

// number returns the number that fills b.
func (t *tiffFile) number(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(t.order.Uint16(b))
	case 4:
		return uint64(t.order.Uint32(b))
	}
	return t.order.Uint64(b)
}

// spend takes bytes that are about to be read from those that are left.
func (t *tiffFile) spend(n int64) error {
	if t.left -= n; t.left < 0 {
		return t.corrupt("the directories form a loop, or share their entries")
	}
	return nil
}

// directory checks the directory at an offset and what it refers to, and returns
// the offset of the next one, or 0.
func (t *tiffFile) directory(offset int64) (int64, error) {
	width := int64(2) // of the number of entries
	if t.big {
		width = 8
	}
	b, err := t.window.at(offset, int(width))
	if err != nil {
		return 0, err
	}
	count, entry := t.number(b), 4+2*t.word()
	if count > uint64(t.size/entry) {
		return 0, t.truncated()
	}
	length := width + int64(count)*entry + t.word()
	if offset+length > t.size {
		return 0, t.truncated()
	}
	if err := t.spend(length); err != nil {
		return 0, err
	}
	picture, err := t.entries(offset+width, int64(count))
	if t.info.Width == 0 || t.info.Height == 0 {
		t.info.Width, t.info.Height = side(picture.width), side(picture.height)
	}
	if err != nil {
		return 0, err
	}
	if err := t.extents(picture.strips, picture.stripCounts); err != nil {
		return 0, err
	}
	if err := t.extents(picture.tiles, picture.tileCounts); err != nil {
		return 0, err
	}
	return t.offset(offset + length - t.word())
}

// entries reads the entries of a directory.
func (t *tiffFile) entries(offset, count int64) (tiffPicture, error) {
	var p tiffPicture
	for range count {
		field, err := t.field(offset)
		switch field.tag {
		case tiffWidth:
			p.width, err = t.value(t.window, field, 0)
		case tiffHeight:
			p.height, err = t.value(t.window, field, 0)
		case tiffStripOffsets:
			p.strips = field
		case tiffTileOffsets:
			p.tiles = field
		case tiffStripCounts:
			p.stripCounts = field
		case tiffTileCounts:
			p.tileCounts = field
		}
		if err != nil {
			return p, err
		}
		offset += 4 + 2*t.word()
	}
	return p, nil
}

// field reads the entry at an offset, and checks that its values are inside the
// file.
func (t *tiffFile) field(at int64) (tiffField, error) {
	b, err := t.window.at(at, int(4+2*t.word()))
	if err != nil {
		return tiffField{}, err
	}
	f := tiffField{tag: t.order.Uint16(b), kind: t.order.Uint16(b[2:]), at: at + 4 + t.word()}
	count, size := t.number(b[4:4+t.word()]), tiffWidthOf(f.kind)
	if size == 0 { // readers skip a type that they do not know: part 1 section 2
		return f, nil
	}
	if count > uint64(t.size/size) && count > uint64(t.word()/size) {
		return f, t.truncated()
	}
	f.count = int64(count)
	if f.count*size <= t.word() {
		return f, nil
	}
	if f.at, err = t.offset(f.at); err == nil && f.at+f.count*size > t.size {
		err = t.truncated()
	}
	return f, err
}

// tiffWidthOf returns the width of a value, in bytes, by its type: 0 if it is not
// known.
func tiffWidthOf(kind uint16) int64 {
	switch kind {
	case 1, 2, 6, 7: // BYTE, ASCII, SBYTE, UNDEFINED
		return 1
	case 3, 8: // SHORT, SSHORT
		return 2
	case 4, 9, 11, 13: // LONG, SLONG, FLOAT, IFD
		return 4
	case 5, 10, 12, 16, 17, 18: // RATIONAL, SRATIONAL, DOUBLE, LONG8, SLONG8, IFD8
		return 8
	}
	return 0
}

// value reads one of a field's values through w: 0 if there is none.
func (t *tiffFile) value(w *window, f tiffField, i int64) (uint64, error) {
	if i >= f.count {
		return 0, nil
	}
	size := tiffWidthOf(f.kind)
	b, err := w.at(f.at+i*size, int(size))
	if err != nil {
		return 0, err
	}
	return t.number(b), nil
}

// extents checks that strips or tiles are inside the file. Writers may leave out
// how long they are.
func (t *tiffFile) extents(offsets, counts tiffField) error {
	if counts.count != 0 && counts.count != offsets.count {
		return t.corrupt("%d strips or tiles, and %d lengths of them", offsets.count, counts.count)
	}
	aside := t.window
	if counts.count > 4 { // a list of its own, outside the entry
		if err := t.spend((offsets.count + counts.count) * 2); err != nil {
			return err
		}
		if t.aside == nil {
			t.aside = newWindow(t.format, t.r, t.size)
		}
		aside = t.aside
	}
	for i := range offsets.count {
		offset, err := t.value(t.window, offsets, i)
		if err != nil {
			return err
		}
		length, err := t.value(aside, counts, i)
		if err != nil {
			return err
		}
		if end, carry := bits.Add64(offset, length, 0); carry != 0 || end > uint64(t.size) {
			return t.truncated()
		}
	}
	return nil
}
