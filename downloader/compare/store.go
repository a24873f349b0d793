package compare

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"grab/downloader/report"
)

// store keeps the runs that are done in a temporary file while others are made:
// in memory, they would be charged to these.
type store struct {
	file  *os.File
	count int
}

func newStore() (*store, error) {
	file, err := os.CreateTemp("", "grab-runs-")
	return &store{file: file}, err
}

func (s *store) add(run *report.Run) error {
	s.count++
	return json.NewEncoder(s.file).Encode(run)
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
func (s *store) close() error { return errors.Join(s.file.Close(), os.Remove(s.file.Name())) }
