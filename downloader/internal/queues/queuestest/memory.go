// Package queuestest has a file for the tests of queues that can fail.
package queuestest

import (
	"errors"
	"io"
)

// ErrDisk is the error of calls that fail.
var ErrDisk = errors.New("disk failed")

// Memory is a file in memory.
type Memory struct {
	Data   []byte
	Fails  int // calls from now to the first that fails, and all after it; 0: none fails
	Closed bool
}

func (m *Memory) fail() bool {
	if m.Fails == 0 {
		return false
	}
	if m.Fails > 1 {
		m.Fails--
		return false
	}
	return true
}

// WriteAt implements [io.WriterAt].
func (m *Memory) WriteAt(p []byte, at int64) (int, error) {
	if m.fail() {
		return 0, ErrDisk
	}
	if grow := int(at) + len(p) - len(m.Data); grow > 0 {
		m.Data = append(m.Data, make([]byte, grow)...)
	}
	return copy(m.Data[at:], p), nil
}

// ReadAt implements [io.ReaderAt].
func (m *Memory) ReadAt(p []byte, at int64) (int, error) {
	if m.fail() {
		return 0, ErrDisk
	}
	if at >= int64(len(m.Data)) {
		return 0, io.EOF
	}
	n := copy(p, m.Data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close implements [io.Closer].
func (m *Memory) Close() error {
	m.Closed = true
	return nil
}
