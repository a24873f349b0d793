package report

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest line of a saved file that is read: a run of some
// hundred thousand images.
const maxLine = 128 << 20

// errLong is a line that is longer.
var errLong = errors.New("longer than 128 MiB")

// Read reads the experiments of a saved file: what grab compare -json wrote, as
// it is or compressed with gzip. What the file says that the runs come to is not
// believed: it is computed again. The end of the file may be missing; then the
// last experiment has a warning that says so.
func Read(r io.Reader) ([]Experiment, error) {
	lines := bufio.NewReader(r)
	if head, _ := lines.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(lines)
		if err != nil {
			return nil, err
		}
		lines = bufio.NewReader(z)
	}
	var f saved
	for number := 1; ; number++ {
		line, err := readLine(lines)
		if len(bytes.TrimSpace(line)) > 0 {
			if err := f.add(line, errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)); err != nil {
				return nil, fmt.Errorf("line %d: %w", number, err)
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if len(f.experiments) == 0 {
		return nil, errors.New("holds no comparison; grab compare -json writes one")
	}
	f.finish(false)
	return f.experiments, nil
}

// readLine reads a line, without more of it in memory than maxLine.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, errLong
		}
		line = append(line, part...)
		if err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

// saved is a file that is being read.
type saved struct {
	experiments []Experiment
	open        bool           // the last experiment has no comparison yet
	seen        map[place]bool // runs of the last experiment
}

// place is where a run stands in an experiment.
type place struct {
	who    Contender
	round  int
	warmup bool
}

// add takes a line; the last one may be cut off.
func (f *saved) add(line []byte, last bool) error {
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		if last && f.open {
			return nil // cut: finish will say so
		}
		return errors.New("not a line of grab compare -json")
	}
	switch kind.Type {
	case "conditions":
		return f.begin(line)
	case "run":
		if !f.open {
			return errors.New("a run without its conditions before it")
		}
		return f.run(line)
	case "comparison":
		if !f.open {
			return errors.New("a comparison without its runs before it")
		}
		f.finish(true)
	case "result", "summary":
		return errors.New("of a download, not of a comparison; grab compare -json writes those")
	}
	return nil // a type that is not known is of a later version
}

// begin takes a line of conditions.
func (f *saved) begin(line []byte) error {
	f.finish(false)
	var e Experiment
	if err := json.Unmarshal(line, &e.Conditions); err != nil {
		return err
	}
	if err := e.Conditions.plausible(); err != nil {
		return err
	}
	e.Conditions.clean()
	f.experiments, f.open, f.seen = append(f.experiments, e), true, map[place]bool{}
	return nil
}

// run takes a line of a run.
func (f *saved) run(line []byte) error {
	var r Run
	if err := json.Unmarshal(line, &r); err != nil {
		return err
	}
	e := &f.experiments[len(f.experiments)-1]
	if err := r.plausible(&e.Conditions); err != nil {
		return err
	}
	r.clean()
	at := place{Contender{r.Mode, r.Workers}, r.Round, r.Warmup}
	if f.seen[at] { // it would count twice
		return fmt.Errorf("a second run of %q in round %d", at.who, r.Round+1)
	}
	f.seen[at] = true
	e.Runs = append(e.Runs, r)
	return nil
}

// finish computes what the last experiment comes to.
func (f *saved) finish(whole bool) {
	if !f.open {
		return
	}
	f.open = false
	e := &f.experiments[len(f.experiments)-1]
	e.Comparison = Compare(e.Conditions, e.Runs)
	if !whole {
		e.Comparison.Warnings = append(e.Comparison.Warnings, "The saved file ends before the comparison does: runs may be missing.")
	}
}
