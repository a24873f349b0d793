// Package saved writes experiments to files and reads them back.
package saved

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"grab/downloader/report"
)

// maxLine is the longest line that is read from a saved file. A run of some hundred thousand
// images fits.
const maxLine = 128 << 20

var errLineTooLong = errors.New("longer than 128 MiB")

// Limits of a whole file, so that a small one cannot fill the memory or make a page that no browser
// shows. What compare writes shrinks to a tenth with gzip, and a sweep has some ten experiments.
const (
	maxExperiments = 200
	maxExpansion   = 100
)

// Read reads the experiments of a saved file: the output of grab compare -json, plain or
// compressed with gzip. It does not trust the file's comparisons, but computes them again from
// the runs. If the end of the file is missing, the last experiment gets a warning.
func Read(r io.Reader) ([]report.Experiment, error) {
	lines, err := unzipped(r)
	if err != nil {
		return nil, err
	}
	var f savedFile
	for number := 1; ; number++ {
		line, err := readLine(lines)
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if err := f.addLine(line, end); err != nil {
				return nil, fmt.Errorf("line %d: %w", number, err)
			}
		}
		if end {
			break
		}
	}
	if len(f.experiments) == 0 {
		return nil, errors.New("holds no comparison; grab compare -json writes one")
	}
	f.finish(false)
	return f.experiments, nil
}

// unzipped returns a reader of r, whether r is compressed or not.
func unzipped(r io.Reader) (*bufio.Reader, error) {
	packed := &counter{Reader: r}
	lines := bufio.NewReader(packed)
	if head, _ := lines.Peek(2); string(head) != "\x1f\x8b" {
		return lines, nil
	}
	z, err := gzip.NewReader(lines)
	if err != nil {
		return nil, err
	}
	return bufio.NewReader(&unpacker{Reader: z, packed: packed}), nil
}

// counter counts what is read.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacker fails when what it reads is maxExpansion times as long as what it was packed into.
type unpacker struct {
	io.Reader
	packed *counter
	n      int64
}

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if u.n += int64(n); u.n > maxExpansion*max(u.packed.n, 4096) {
		return 0, fmt.Errorf("unpacks to more than %d times its size: compare writes no such file", maxExpansion)
	}
	return n, err
}

// readLine reads a line. It never holds more than maxLine of it in memory.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, errLineTooLong
		}
		line = append(line, part...)
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

// savedFile is a file that is being read.
type savedFile struct {
	experiments []report.Experiment
	open        bool            // the last experiment has no comparison yet
	seen        map[runKey]bool // runs of the last experiment
}

// runKey identifies a run within an experiment.
type runKey struct {
	who    report.Contender
	round  int
	warmup bool
}

// addLine adds a line. The last line of the file may be cut off.
func (f *savedFile) addLine(line []byte, last bool) error {
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		if last && f.open {
			return nil // finish adds a warning
		}
		return errors.New("not a line of grab compare -json")
	}
	switch kind.Type {
	case "conditions":
		return f.addConditions(line)
	case "run":
		if !f.open {
			return errors.New("a run before any conditions")
		}
		return f.addRun(line)
	case "comparison":
		if !f.open {
			return errors.New("a comparison before any conditions")
		}
		f.finish(true)
	case "result", "summary":
		return errors.New("from a download, not from a comparison; grab compare -json writes comparisons")
	}
	return nil // ignore types that a later version may add
}

// addConditions begins an experiment.
func (f *savedFile) addConditions(line []byte) error {
	f.finish(false)
	if len(f.experiments) == maxExperiments {
		return fmt.Errorf("more than %d comparisons: split the file", maxExperiments)
	}
	var e report.Experiment
	if err := json.Unmarshal(line, &e.Conditions); err != nil {
		return err
	}
	if err := validateConditions(&e.Conditions); err != nil {
		return err
	}
	sanitizeConditions(&e.Conditions)
	f.experiments, f.open, f.seen = append(f.experiments, e), true, map[runKey]bool{}
	return nil
}

// addRun adds a run to the last experiment.
func (f *savedFile) addRun(line []byte) error {
	var r report.Run
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	e := &f.experiments[len(f.experiments)-1]
	if err := validateRun(&r, &e.Conditions); err != nil {
		return err
	}
	sanitizeRun(&r)
	key := runKey{r.Contender(), r.Round, r.Warmup}
	if f.seen[key] { // it would count twice
		return fmt.Errorf("a second run of %q in round %d", key.who, r.Round+1)
	}
	f.seen[key] = true
	e.Runs = append(e.Runs, r)
	return nil
}

// finish computes the comparison of the last experiment. Unless the experiment is complete, it
// gets a warning.
func (f *savedFile) finish(complete bool) {
	if !f.open {
		return
	}
	f.open = false
	e := &f.experiments[len(f.experiments)-1]
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	if !complete {
		e.Comparison.Warnings = append(e.Comparison.Warnings, "The saved file ends before the comparison does: runs may be missing.")
	}
}
