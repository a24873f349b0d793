package report

import (
	"bufio"
	"encoding/json"
	"io"
)

// WriteExperimentJSON writes an experiment as JSON lines, which Read reads: the conditions, each
// run, and the comparison.
func WriteExperimentJSON(w io.Writer, e *Experiment) error {
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

// WriteChangesJSON writes the changes between two saved files as JSON lines.
func WriteChangesJSON(w io.Writer, all []Changes) error {
	enc := json.NewEncoder(w)
	for i := range all {
		if err := enc.Encode(&all[i]); err != nil {
			return err
		}
	}
	return nil
}
