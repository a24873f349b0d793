package compare

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"grab/downloader/report"
)

// store keeps finished runs in a temporary file, because their memory would count for the next
// run. Where the system allows it, the open file has no name, so that nothing is left of it even
// if grab is killed.
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

// runs returns the runs in the order in which they were added.
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
