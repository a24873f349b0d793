package hosts

import (
	"encoding/binary"
	"fmt"
	"io"
)

// spillFile keeps records that there is no room for in memory. Each chain of records is
// a queue. The file starts again from its beginning once it holds no record.
type spillFile struct {
	file    Storage
	end     int64
	records int64
}

// Storage is the file behind a queue that does not fit into memory.
type Storage interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// chain is a queue in a spillFile. A record is preceded by the place of the next record
// of its chain and by its own length.
type chain struct {
	first, last int64 // places of records; only valid if records is above 0
	records     int64
}

const spillHeader = 8 + 4

// push appends a record to c.
func (s *spillFile) push(c *chain, record []byte) error {
	at := s.end
	buffer := make([]byte, spillHeader, spillHeader+len(record))
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
	s.end = at + spillHeader + int64(len(record))
	return nil
}

// pop removes the first record of c, which must have one.
func (s *spillFile) pop(c *chain) ([]byte, error) {
	var buffer [1024]byte // most records come with their header in one read
	n, err := s.file.ReadAt(buffer[:], c.first)
	if n < spillHeader {
		return nil, fmt.Errorf("queue file: %w", err)
	}
	record := make([]byte, binary.LittleEndian.Uint32(buffer[8:]))
	if have := copy(record, buffer[spillHeader:n]); have < len(record) {
		if _, err := s.file.ReadAt(record[have:], c.first+spillHeader+int64(have)); err != nil {
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
