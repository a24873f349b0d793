package saved

import (
	"bufio"
	"encoding/json"
	"io"

	"grab/downloader/report"
)

// Write writes an experiment as JSON lines, which [Read] reads: the conditions, each
// run, and the comparison.
func Write(w io.Writer, e *report.Experiment) error {
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	err := enc.Encode(&e.Conditions)
	for i := range e.Runs {
		if err == nil {
			err = enc.Encode(&e.Runs[i])
		}
	}
	if err == nil {
		err = enc.Encode(&e.Comparison)
	}
	if err != nil {
		return err
	}
	return out.Flush()
}
