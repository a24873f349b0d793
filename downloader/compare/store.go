package compare

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"grab/downloader/report"
)

// store keeps the runs that are done in a temporary file while others are made:
// in memory, they would be charged to these. Where an open file can do without
// its name it has none: then nothing of it is left even if grab is killed.
type store struct {
	file  *os.File
	named bool
	count int
}

func newStore() (*store, error) {
	file, err := os.CreateTemp("", "grab-runs-")
	if err != nil {
		return nil, err
	}
	return &store{file: file, named: os.Remove(file.Name()) != nil}, nil
}

func (s *store) add(run *report.Run) error {
	err := json.NewEncoder(s.file).Encode(run)
	if err == nil {
		s.count++
	}
	return err
}

// runs returns all that was added, in its order.
func (s *store) runs() ([]report.Run, error) {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var all []report.Run
	for dec := json.NewDecoder(s.file); len(all) < s.count; {
		var run report.Run
		if err := dec.Decode(&run); err != nil {
			return all, err
		}
		all = append(all, run)
	}
	return all, nil
}

// close removes the file.
func (s *store) close() error {
	err := s.file.Close()
	if s.named {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	return err
}
