package queues

import (
	"encoding/binary"
	"fmt"
	"io"
)

// File keeps records that there is no room for in memory. Each chain of records is
// a queue. The file starts again from its beginning once it holds no record.
type File struct {
	file    Storage
	end     int64
	records int64
}

// NewFile returns a File that keeps its records in file, which has none.
func NewFile(file Storage) *File { return &File{file: file} }

// Storage is the file behind a queue that does not fit into memory.
type Storage interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// Chain is a queue in a File. A record is preceded by the place of the next record
// of its chain and by its own length.
type Chain struct {
	first, last int64 // places of records; only valid if records is above 0
	records     int64
}

// Len returns the number of records.
func (c *Chain) Len() int64 { return c.records }

// headerSize is the length of what precedes a record.
const headerSize = 8 + 4

// Push appends a record to c.
func (s *File) Push(c *Chain, record []byte) error {
	at := s.end
	buffer := make([]byte, headerSize, headerSize+len(record))
	binary.LittleEndian.PutUint32(buffer[8:], uint32(len(record)))
	if _, err := s.file.WriteAt(append(buffer, record...), at); err != nil {
		return err
	}
	if c.records > 0 {
		var next [8]byte
		binary.LittleEndian.PutUint64(next[:], uint64(at))
		if _, err := s.file.WriteAt(next[:], c.last); err != nil {
			return err
		}
	} else {
		c.first = at
	}
	c.last = at
	c.records++
	s.records++
	s.end = at + headerSize + int64(len(record))
	return nil
}

// Pop removes the first record of c, which must have one.
func (s *File) Pop(c *Chain) ([]byte, error) {
	var buffer [1024]byte // most records come with their header in one read
	n, err := s.file.ReadAt(buffer[:], c.first)
	if n < headerSize {
		return nil, fmt.Errorf("queue file: %w", err)
	}
	record := make([]byte, binary.LittleEndian.Uint32(buffer[8:]))
	if have := copy(record, buffer[headerSize:n]); have < len(record) {
		if _, err := s.file.ReadAt(record[have:], c.first+headerSize+int64(have)); err != nil {
			return nil, fmt.Errorf("queue file: %w", err)
		}
	}
	c.first = int64(binary.LittleEndian.Uint64(buffer[:]))
	c.records--
	if s.records--; s.records == 0 {
		s.end = 0
	}
	return record, nil
}

// Len returns the number of records of all chains.
func (s *File) Len() int64 { return s.records }

// Close closes the storage.
func (s *File) Close() error { return s.file.Close() }
