package imagefile

import (
	"bytes"
	"io"
)

// A window reads minRead bytes after a jump, and doubles that up to maxRead while
// it moves forward without a gap. So a check that jumps reads little that it does
// not need, and one that reads everything makes few calls.
const (
	minRead = 1 << 10
	maxRead = 8 << 10
)

// window gives access to a file one piece at a time.
type window struct {
	format Format // for error messages
	r      io.ReaderAt
	size   int64  // of the file
	buffer []byte // what data is a slice of, unless the file is in memory
	data   []byte // the current piece
	start  int64  // the offset of data in the file
}

// Memory is a file that is held in memory. Checks read it in place, without a
// copy.
type Memory []byte

// ReadAt implements io.ReaderAt.
func (m Memory) ReadAt(p []byte, offset int64) (int, error) {
	return bytes.NewReader(m).ReadAt(p, offset)
}

func newWindow(format Format, r io.ReaderAt, size int64) *window {
	if m, ok := r.(Memory); ok && int64(len(m)) == size {
		return memoryWindow(format, m)
	}
	buffer := make([]byte, max(0, min(size, minRead)))
	return &window{format: format, r: r, size: size, buffer: buffer}
}

// memoryWindow returns a window that shows all of data at once.
func memoryWindow(format Format, data []byte) *window {
	return &window{format: format, r: Memory(data), size: int64(len(data)), data: data}
}

// at returns the n bytes at an offset. n is at most minRead. The bytes are valid
// until the next call.
func (w *window) at(offset int64, n int) ([]byte, error) {
	if i := offset - w.start; i >= 0 && i <= int64(len(w.data)-n) {
		return w.data[i : i+int64(n)], nil
	}
	if offset < 0 || offset > w.size-int64(n) {
		return nil, w.truncated()
	}
	if err := w.move(offset); err != nil {
		return nil, err
	}
	if len(w.data) < n {
		return nil, w.truncated()
	}
	return w.data[:n], nil
}

// from returns the buffered bytes that begin at an offset, at least n. They are
// valid until the next call.
func (w *window) from(offset int64, n int) ([]byte, error) {
	if _, err := w.at(offset, n); err != nil {
		return nil, err
	}
	return w.data[offset-w.start:], nil
}

// move reads the piece that begins at an offset.
func (w *window) move(offset int64) error {
	n := minRead
	if ahead := offset - w.start; ahead >= 0 && ahead <= int64(len(w.data)) {
		n = max(n, 2*len(w.data))
	}
	n = int(min(int64(n), maxRead, w.size-offset))
	if n > len(w.buffer) {
		w.buffer = make([]byte, min(w.size, maxRead))
	}
	got, err := w.r.ReadAt(w.buffer[:n], offset)
	if err != nil && err != io.EOF {
		w.data = nil
		return err
	}
	w.data, w.start = w.buffer[:got], offset
	return nil
}

// truncated returns the error for a file that ends too early.
func (w *window) truncated() error {
	return w.format.errorf(ErrTruncated, "the file ends at byte %d, before the image does", w.size)
}

// corrupt returns the error for a file with damage inside.
func (w *window) corrupt(reason string, args ...any) error {
	return w.format.errorf(ErrCorrupt, reason, args...)
}

// hasAt reports whether b has the bytes want at an offset.
func hasAt(b []byte, offset int, want string) bool {
	return len(b) >= offset+len(want) && string(b[offset:offset+len(want)]) == want
}
