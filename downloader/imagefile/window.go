package imagefile

import (
	"bytes"
	"io"
)

// A window reads leastRead bytes where it jumps to, and up to mostRead where it
// moves on: a walk that jumps reads and keeps little, one that does not reads
// seldom.
const (
	leastRead = 1 << 10
	mostRead  = 8 << 10
)

// window shows a file, a piece at a time.
type window struct {
	format Format // for errors
	r      io.ReaderAt
	size   int64  // of the file
	room   []byte // what data is part of
	data   []byte // the piece
	start  int64  // its offset
}

// Memory is a file that is in memory. Checks look at it where it is, and copy
// nothing.
type Memory []byte

// ReadAt implements io.ReaderAt.
func (m Memory) ReadAt(p []byte, offset int64) (int, error) {
	return bytes.NewReader(m).ReadAt(p, offset)
}

func newWindow(format Format, r io.ReaderAt, size int64) *window {
	if m, ok := r.(Memory); ok && int64(len(m)) == size {
		return headWindow(format, m)
	}
	return &window{format: format, r: r, size: size, room: make([]byte, max(0, min(size, leastRead)))}
}

// headWindow shows bytes that are in memory, all of them at once.
func headWindow(format Format, head []byte) *window {
	return &window{format: format, r: Memory(head), size: int64(len(head)), data: head}
}

// at returns the n bytes at an offset, at most leastRead. They hold until the
// next call.
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

// from returns the bytes at an offset that are at hand, at least so many. They
// hold until the next call.
func (w *window) from(offset int64, least int) ([]byte, error) {
	if _, err := w.at(offset, least); err != nil {
		return nil, err
	}
	return w.data[offset-w.start:], nil
}

func (w *window) move(offset int64) error {
	n := leastRead
	if near := offset - w.start; near >= 0 && near <= int64(len(w.data)) {
		n = max(n, 2*len(w.data))
	}
	n = int(min(int64(n), mostRead, w.size-offset))
	if n > len(w.room) {
		w.room = make([]byte, min(w.size, mostRead))
	}
	got, err := w.r.ReadAt(w.room[:n], offset)
	if err != nil && err != io.EOF {
		w.data = nil
		return err
	}
	w.data, w.start = w.room[:got], offset
	return nil
}

// truncated is the error of a file that ends too soon.
func (w *window) truncated() error {
	return w.format.errorf(ErrTruncated, "the file ends at byte %d, before the image does", w.size)
}

// corrupt is the error of a file with damage inside.
func (w *window) corrupt(reason string, args ...any) error {
	return w.format.errorf(ErrCorrupt, reason, args...)
}
