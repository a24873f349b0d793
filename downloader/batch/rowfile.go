package batch

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
)

// rowFile keeps rows of a list in a file, so that any number of them costs next to no memory.
// They come in the order of their indexes. The zero value is empty.
type rowFile struct {
	file    *os.File
	pending []byte // is not in the file yet
	written int64
	rows    int
	marks   []rowMark // of each marked row
	err     error     // the first; rows are missing since then
}

// rowMark says where a row is.
type rowMark struct {
	index int
	at    int64
}

const (
	rowHeader  = 8 + 4 // index and length
	markEvery  = 64    // rows from one mark to the next
	maxPending = 64 << 10
)

// put keeps a row.
func (f *rowFile) put(index int, row []byte) {
	if f.file == nil && f.err == nil {
		if f.file, f.err = os.CreateTemp("", "grab-rows-*"); f.err == nil {
			_ = os.Remove(f.file.Name()) // so that a kill leaves nothing; Windows keeps an open file
		}
	}
	if f.err != nil {
		return
	}
	if f.rows%markEvery == 0 {
		f.marks = append(f.marks, rowMark{index, f.written + int64(len(f.pending))})
	}
	f.rows++
	f.pending = binary.LittleEndian.AppendUint64(f.pending, uint64(index))
	f.pending = binary.LittleEndian.AppendUint32(f.pending, uint32(len(row)))
	if f.pending = append(f.pending, row...); len(f.pending) > maxPending {
		f.flush()
	}
}

func (f *rowFile) flush() {
	n, err := f.file.Write(f.pending)
	f.written += int64(n)
	f.pending = f.pending[:0]
	f.err = err
}

// get returns a row, or nil if it is not there.
func (f *rowFile) get(index int) []byte {
	if len(f.pending) > 0 {
		f.flush()
	}
	at, found := slices.BinarySearchFunc(f.marks, index, func(m rowMark, index int) int { return m.index - index })
	if !found {
		at--
	}
	if at < 0 || f.err != nil {
		return nil
	}
	in := bufio.NewReader(io.NewSectionReader(f.file, f.marks[at].at, f.written-f.marks[at].at))
	for range markEvery {
		var header [rowHeader]byte
		if _, err := io.ReadFull(in, header[:]); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			f.err = err
			return nil
		}
		length := int(binary.LittleEndian.Uint32(header[8:]))
		if int(binary.LittleEndian.Uint64(header[:])) != index {
			_, f.err = in.Discard(length)
			continue
		}
		row := make([]byte, length)
		_, f.err = io.ReadFull(in, row)
		return row
	}
	return nil
}

func (f *rowFile) close() {
	if f.file != nil {
		_ = f.file.Close()
		_ = os.Remove(f.file.Name())
	}
}
