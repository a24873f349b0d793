package queues

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"grab/downloader/internal/queues/queuestest"
)

// FuzzFile compares the chains of a file with slices. Each byte of the input pushes a
// record to one of eight chains, or pops one.
func FuzzFile(f *testing.F) {
	f.Add([]byte("\x00\x01\x02\x80\x81\x82"))
	f.Add([]byte("\x00\x08\x10\x01\x80\x09\x81\x80\x80\x00\x80"))
	f.Add(bytes.Repeat([]byte{0x78, 0x79, 0x80, 0x81, 0x7a, 0x82}, 50))
	f.Fuzz(func(t *testing.T, steps []byte) {
		file := &queuestest.Memory{}
		s := &File{file: file}
		var chains [8]Chain
		var model [8][][]byte
		total := 0
		for i, step := range steps {
			c := int(step & 7)
			if step&0x80 == 0 {
				// lengths on both sides of what pop reads at once
				record := bytes.Repeat([]byte{byte(i)}, int(step>>3)*70)
				if err := s.Push(&chains[c], record); err != nil {
					t.Fatal(err)
				}
				model[c] = append(model[c], record)
				total++
			} else if len(model[c]) > 0 {
				record, err := s.Pop(&chains[c])
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

// TestFileFails has each call of the file fail in turn. A record that could not be
// written must leave the chain as it was, and one that cannot be read is an error.
func TestFileFails(t *testing.T) {
	for _, ok := range []int{0, 1} { // a second record needs two writes
		file := &queuestest.Memory{}
		s, c := &File{file: file}, Chain{}
		if err := s.Push(&c, []byte("one")); err != nil {
			t.Fatal(err)
		}
		file.Fails = 1 + ok
		before, end := c, s.end
		if err := s.Push(&c, []byte("two")); !errors.Is(err, queuestest.ErrDisk) {
			t.Errorf("%d writes before the failure: error %v", ok, err)
		}
		if c != before || s.records != 1 || s.end != end {
			t.Errorf("%d writes before the failure: the chain is %+v, was %+v; %d records", ok, c, before, s.records)
		}
		file.Fails = 0
		for _, record := range []string{"three", "four"} {
			if err := s.Push(&c, []byte(record)); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{"one", "three", "four"} {
			if record, err := s.Pop(&c); string(record) != want || err != nil {
				t.Errorf("%d writes before the failure: got %q, %v; want %q", ok, record, err, want)
			}
		}
	}
}

// TestFileUnreadable reads records from a file that fails, or was cut by someone.
func TestFileUnreadable(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for name, harm := range map[string]func(*queuestest.Memory){
		"the first read fails":  func(m *queuestest.Memory) { m.Fails = 1 },
		"the second read fails": func(m *queuestest.Memory) { m.Fails = 2 },
		"cut in the header":     func(m *queuestest.Memory) { m.Data = m.Data[:headerSize-1] },
		"cut in the record":     func(m *queuestest.Memory) { m.Data = m.Data[:3000] },
		"empty":                 func(m *queuestest.Memory) { m.Data = nil },
	} {
		file := &queuestest.Memory{}
		s, c := &File{file: file}, Chain{}
		if err := s.Push(&c, []byte(long)); err != nil {
			t.Fatal(err)
		}
		harm(file)
		if record, err := s.Pop(&c); err == nil || !strings.HasPrefix(err.Error(), "queue file: ") || record != nil {
			t.Errorf("%s: %d bytes, error %v", name, len(record), err)
		}
	}
}

// TestFileLayout checks the format that the comment of Chain describes.
func TestFileLayout(t *testing.T) {
	file := &queuestest.Memory{}
	s, c := &File{file: file}, Chain{}
	for _, record := range []string{"first", "second"} {
		if err := s.Push(&c, []byte(record)); err != nil {
			t.Fatal(err)
		}
	}
	next, length := binary.LittleEndian.Uint64(file.Data), binary.LittleEndian.Uint32(file.Data[8:])
	if next != headerSize+5 || length != 5 || string(file.Data[headerSize:next]) != "first" || s.end != int64(len(file.Data)) {
		t.Errorf("next record at %d, length %d, end %d: %q", next, length, s.end, file.Data)
	}
}
