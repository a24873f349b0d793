package imagefile

import "encoding/binary"

// tiffPasses limits how often the walk reads a byte: the search for a loop goes through
// it up to three times.
const tiffPasses = 4

// tiffReader reads the numbers, offsets and fields of a TIFF, or of a BigTIFF, whose
// offsets are 8 bytes long instead of 4.
type tiffReader struct {
	*window
	order  binary.ByteOrder
	big    bool
	budget int64 // bytes that may still be read; limits how often any byte is read
}

// tiffField is an entry of a directory.
type tiffField struct {
	tag, kind uint16
	count     int64 // of values
	at        int64 // offset of the values
}

// header reads the header and returns the offset of the first directory.
func (t *tiffReader) header() (int64, error) {
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
		return 0, t.corrupt("invalid header")
	}
	return t.offset(8)
}

// wordSize returns the size of an offset or a count, in bytes.
func (t *tiffReader) wordSize() int64 {
	if t.big {
		return 8
	}
	return 4
}

// entrySize returns the size of a directory entry, in bytes.
func (t *tiffReader) entrySize() int64 { return 4 + 2*t.wordSize() }

// offset reads an offset, which must be inside the file.
func (t *tiffReader) offset(at int64) (int64, error) {
	b, err := t.window.at(at, int(t.wordSize()))
	if err != nil {
		return 0, err
	}
	v := t.number(b)
	if v > uint64(t.size) {
		return 0, t.truncated()
	}
	return int64(v), nil
}

// number returns the number that consists of all bytes of b.
func (t *tiffReader) number(b []byte) uint64 {
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

// spend reduces the budget by n bytes that are read next.
func (t *tiffReader) spend(n int64) error {
	if t.budget -= n; t.budget < 0 {
		return t.corrupt("the directories form a loop, or share their entries")
	}
	return nil
}

// field reads the entry at an offset, and checks that its values are inside the
// file.
func (t *tiffReader) field(at int64) (tiffField, error) {
	b, err := t.window.at(at, int(t.entrySize()))
	if err != nil {
		return tiffField{}, err
	}
	word := t.wordSize()
	f := tiffField{tag: t.order.Uint16(b), kind: t.order.Uint16(b[2:]), at: at + 4 + word}
	count, size := t.number(b[4:4+word]), tiffValueSize(f.kind)
	if size == 0 { // readers skip fields of an unknown type: part 1 section 2
		return f, nil
	}
	if count > uint64(t.size/size) && count > uint64(word/size) {
		return f, t.truncated()
	}
	f.count = int64(count)
	if f.count*size <= word { // the values are in the entry itself
		return f, nil
	}
	if f.at, err = t.offset(f.at); err == nil && f.at+f.count*size > t.size {
		err = t.truncated()
	}
	return f, err
}

// value reads value i of a field through w. It returns 0 if there is no such value.
func (t *tiffReader) value(w *window, f tiffField, i int64) (uint64, error) {
	if i >= f.count {
		return 0, nil
	}
	size := tiffValueSize(f.kind)
	b, err := w.at(f.at+i*size, int(size))
	if err != nil {
		return 0, err
	}
	return t.number(b), nil
}

// tiffValueSize returns the size of a value, in bytes, from its type. It returns 0
// for an unknown type.
func tiffValueSize(kind uint16) int64 {
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
