package output

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/saved"
)

// single returns a comparison of one image and one mode.
func single(sweep string) report.Experiment {
	e := report.Experiment{
		Conditions: report.Conditions{Type: "conditions", Images: 1, Rounds: 1, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{2}, Sweep: sweep},
		Runs: []report.Run{{Type: "run", Mode: downloader.Pool, Workers: 2, Listed: 1, Total: 1, OK: 1, Seconds: 0.5,
			Images: []report.Image{{SHA256: "00", Timing: downloader.Timing{Total: 0.5}}}}},
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e
}

// TestWhenFormsAreWritten has what each form writes at once, and what only at the end.
func TestWhenFormsAreWritten(t *testing.T) {
	const sweep, changes = "\nMedians over the sweep", "\nBefore and after"
	for _, c := range []struct {
		opts                 Options
		sweeps               []string
		changes              []report.Changes
		first, second, after string // how it begins; empty: nothing is written
	}{
		{Options{}, []string{"n=1", "n=2"}, nil, "n=1: 1 image", "\nn=2: 1 image", sweep},
		{Options{}, []string{"n=1", "n=2"}, []report.Changes{{}}, "n=1: 1 image", "\nn=2: 1 image", changes},
		{Options{}, []string{"", "n=2"}, nil, "1 image", "\nn=2: 1 image", ""},
		{Options{}, []string{"n=1"}, nil, "n=1: 1 image", "", ""},
		{Options{JSON: true}, []string{"n=1", "n=2"}, nil, `{"type":"conditions"`, `{"type":"conditions"`, ""},
		{Options{JSON: true}, []string{"n=1"}, []report.Changes{{Type: "changes"}}, `{"type":"conditions"`, "", `{"type":"changes"`},
		{Options{CSV: true}, []string{"n=1", "n=2"}, []report.Changes{{}}, "", "", "preset,sweep,mode"},
		{Options{Benchfmt: true}, []string{"n=1", "n=2"}, []report.Changes{{}}, "", "", "Unit images/s better=higher\n"},
		{Options{Markdown: true}, []string{"n=1", "n=2"}, nil, "", "", "**"},
	} {
		var w strings.Builder
		o, err := Open(&w, c.opts)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		for i, want := range []string{c.first, c.second, c.after} {
			before := w.Len()
			if i < len(c.sweeps) {
				err = o.Show(single(c.sweeps[i]))
			} else if i == 2 {
				err = o.Finish(c.changes)
			}
			if got := w.String()[before:]; err != nil || !strings.HasPrefix(got, want) || want == "" && got != "" {
				t.Errorf("%+v, %q, part %d: %.40q, %v; want %q", c.opts, c.sweeps, i, got, err, want)
			}
		}
	}
}

// TestPageFiles begins and ends pages that cannot be written.
func TestPageFiles(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{dir: dir + " is not a file", filepath.Join(dir, "none", "page"): "none"} {
		o, err := Open(io.Discard, Options{Page: name})
		if mistake, ok := errors.AsType[*downloader.UsageError](err); !ok || o != nil || mistake.Source != "-html" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	name := filepath.Join(dir, "page")
	if err := os.WriteFile(name, []byte("before"), 0o666); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	for what, c := range map[string]struct {
		write func(p *pageFile) func(io.Writer) error
		want  error
		holds string
	}{
		"not written": {func(*pageFile) func(io.Writer) error {
			return func(w io.Writer) error { return errors.Join(broken, second(io.WriteString(w, "half"))) }
		}, broken, "before"},
		"not closed": {func(p *pageFile) func(io.Writer) error {
			return func(io.Writer) error { return p.file.Close() }
		}, os.ErrClosed, "before"},
		"not moved": {func(p *pageFile) func(io.Writer) error {
			return func(io.Writer) error { return p.folder.Remove(p.part) }
		}, os.ErrNotExist, "before"},
	} {
		p, err := startPage(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.finish(c.write(p)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
		p.discard()
		entries, err := os.ReadDir(dir)
		if data, _ := os.ReadFile(name); err != nil || string(data) != c.holds || len(entries) != 1 {
			t.Errorf("%s: %q, %v, %v", what, data, entries, err)
		}
	}
	var none *pageFile
	none.discard()
}

func second(_ int, err error) error { return err }

// TestRedrawEdges redraws one file, two and three, and says which is the first.
func TestRedrawEdges(t *testing.T) {
	dir := t.TempDir()
	var data strings.Builder
	for range 2 {
		e := single("")
		if err := saved.Write(&data, &e); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(dir, "saved")
	if err := os.WriteFile(name, []byte(data.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	for n, before := range map[int]int{1: 0, 2: 2, 3: 0} {
		var w strings.Builder
		o, err := Open(&w, Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = o.Redraw([]string{name, name, name}[:n], nil)
		if o.Close(); err != nil || len(o.experiments) != 2*n || o.before != before || strings.Contains(w.String(), "Before and after") != (n == 2) {
			t.Errorf("%d files: %v, %d experiments, %d before\n%s", n, err, len(o.experiments), o.before, &w)
		}
	}
	o, err := Open(io.Discard, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	missing := filepath.Join(dir, "none")
	if err := o.Redraw([]string{missing}, nil); err == nil || strings.Count(err.Error(), missing) != 1 || len(o.experiments) != 0 {
		t.Errorf("a file that is not there: %v", err)
	}
}
