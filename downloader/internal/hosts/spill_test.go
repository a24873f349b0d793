package hosts

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

// memory is a queue file in memory. With fails above 0, so many more calls succeed.
type memory struct {
	data   []byte
	fails  int
	closed bool
}

var errDisk = errors.New("disk failed")

func (m *memory) fail() bool {
	if m.fails == 0 {
		return false
	}
	if m.fails > 1 {
		m.fails--
		return false
	}
	return true
}

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	if m.fail() {
		return 0, errDisk
	}
	if grow := int(at) + len(p) - len(m.data); grow > 0 {
		m.data = append(m.data, make([]byte, grow)...)
	}
	return copy(m.data[at:], p), nil
}

func (m *memory) ReadAt(p []byte, at int64) (int, error) {
	if m.fail() {
		return 0, errDisk
	}
	if at >= int64(len(m.data)) {
		return 0, io.EOF
	}
	n := copy(p, m.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m *memory) Close() error {
	m.closed = true
	return nil
}

// FuzzSpillFile compares the chains of a file with slices. Each byte of the input pushes a
// record to one of eight chains, or pops one.
func FuzzSpillFile(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x80\x81\x82"))
	f.Add([]byte("\x00\x08\x10\x01\x80\x09\x81\x80\x80\x00\x80"))
	f.Add(bytes.Repeat([]byte{0x78, 0x79, 0x80, 0x81, 0x7a, 0x82}, 50))
	f.Fuzz(func(t *testing.T, steps []byte) {
		file := &memory{}
		s := &spillFile{file: file}
		var chains [8]chain
		var model [8][][]byte
		total := 0
		for i, step := range steps {
			c := int(step & 7)
			if step&0x80 == 0 {
				// lengths on both sides of what pop reads at once
				record := bytes.Repeat([]byte{byte(i)}, int(step>>3)*70)
				if err := s.push(&chains[c], record); err != nil {
					t.Fatal(err)
				}
				model[c] = append(model[c], record)
				total++
			} else if len(model[c]) > 0 {
				record, err := s.pop(&chains[c])
				if err != nil || !bytes.Equal(record, model[c][0]) {
					t.Fatalf("step %d: %d bytes, %v; want %d bytes", i, len(record), err, len(model[c][0]))
				}
				model[c] = model[c][1:]
				total--
			}
			if s.records != int64(total) || chains[c].records != int64(len(model[c])) {
				t.Fatalf("step %d: %d records, %d in the chain; want %d, %d", i, s.records, chains[c].records, total, len(model[c]))
			}
			if total == 0 && s.end != 0 {
				t.Fatalf("step %d: the file is empty, but the next record goes to %d", i, s.end)
			}
		}
	})
}

// TestSpillFileFails has each call of the file fail in turn. A record that could not be
// written must leave the chain as it was, and one that cannot be read is an error.
func TestSpillFileFails(t *testing.T) {
	for _, ok := range []int{0, 1} { // a second record needs two writes
		file := &memory{}
		s, c := &spillFile{file: file}, chain{}
		if err := s.push(&c, []byte("one")); err != nil {
			t.Fatal(err)
		}
		file.fails = 1 + ok
		before, end := c, s.end
		if err := s.push(&c, []byte("two")); !errors.Is(err, errDisk) {
			t.Errorf("%d writes before the failure: error %v", ok, err)
		}
		if c != before || s.records != 1 || s.end != end {
			t.Errorf("%d writes before the failure: the chain is %+v, was %+v; %d records", ok, c, before, s.records)
		}
		file.fails = 0
		for _, record := range []string{"three", "four"} {
			if err := s.push(&c, []byte(record)); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{"one", "three", "four"} {
			if record, err := s.pop(&c); string(record) != want || err != nil {
				t.Errorf("%d writes before the failure: got %q, %v; want %q", ok, record, err, want)
			}
		}
	}
}

// TestSpillFileUnreadable reads records from a file that fails, or was cut by someone.
func TestSpillFileUnreadable(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for name, harm := range map[string]func(*memory){
		"the first read fails":  func(m *memory) { m.fails = 1 },
		"the second read fails": func(m *memory) { m.fails = 2 },
		"cut in the header":     func(m *memory) { m.data = m.data[:spillHeader-1] },
		"cut in the record":     func(m *memory) { m.data = m.data[:3000] },
		"empty":                 func(m *memory) { m.data = nil },
	} {
		file := &memory{}
		s, c := &spillFile{file: file}, chain{}
		if err := s.push(&c, []byte(long)); err != nil {
			t.Fatal(err)
		}
		harm(file)
		if record, err := s.pop(&c); err == nil || !strings.HasPrefix(err.Error(), "queue file: ") || record != nil {
			t.Errorf("%s: %d bytes, error %v", name, len(record), err)
		}
	}
}

// TestSpillFileLayout checks the format that the comment of chain describes.
func TestSpillFileLayout(t *testing.T) {
	file := &memory{}
	s, c := &spillFile{file: file}, chain{}
	for _, record := range []string{"first", "second"} {
		if err := s.push(&c, []byte(record)); err != nil {
			t.Fatal(err)
		}
	}
	next, length := binary.LittleEndian.Uint64(file.data), binary.LittleEndian.Uint32(file.data[8:])
	if next != spillHeader+5 || length != 5 || string(file.data[spillHeader:next]) != "first" || s.end != int64(len(file.data)) {
		t.Errorf("next record at %d, length %d, end %d: %q", next, length, s.end, file.data)
	}
}
