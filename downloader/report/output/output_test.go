package output_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/output"
	"grab/downloader/report/saved"
)

// experiment returns a comparison of one image and one mode.
func experiment(sweep string) report.Experiment {
	e := report.Experiment{
		Conditions: report.Conditions{Type: "conditions", Images: 1, Rounds: 1, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{2}, Sweep: sweep},
		Runs: []report.Run{{Type: "run", Mode: downloader.Pool, Workers: 2, Started: time.Unix(0, 0).UTC(), Listed: 1, Total: 1, OK: 1, Seconds: 0.5,
			Images: []report.Image{{SHA256: "00", File: "image_0.jpg", Timing: downloader.Timing{Total: 0.5}}}}},
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e
}

// full is a disk without space: every write fails, and is counted.
type full struct{ writes int }

var errFull = errors.New("no room")

func (f *full) Write([]byte) (int, error) {
	f.writes++
	return 0, errFull
}

// If standard output cannot be written, every form returns the error once, and the page is still
// written.
func TestBrokenStandardOutput(t *testing.T) {
	for name, opts := range map[string]output.Options{
		"tables": {}, "JSON": {JSON: true}, "CSV": {CSV: true}, "Markdown": {Markdown: true}, "benchfmt": {Benchfmt: true},
	} {
		w := &full{}
		opts.Page = filepath.Join(t.TempDir(), "page.html")
		o, err := output.Open(w, opts)
		if err != nil {
			t.Fatal(err)
		}
		first, second := o.Show(experiment("n=2")), o.Show(experiment("n=3"))
		last := o.Finish(nil)
		o.Close()
		if reported := errors.Join(first, last); !errors.Is(reported, errFull) || strings.Contains(reported.Error(), "\n") || w.writes != 1 || second != first {
			t.Errorf("%s: %d writes, errors %q and %q", name, w.writes, reported, second)
		}
		if page, err := os.ReadFile(opts.Page); err != nil || !strings.Contains(string(page), "n=3") {
			t.Errorf("%s: no page with both: %v", name, err)
		}
	}
}

// The page does not replace a file that is read or written at the same time, not even under another
// name.
func TestPageReplacesNothingInUse(t *testing.T) {
	dir := t.TempDir()
	saved, link := filepath.Join(dir, "saved.jsonl"), filepath.Join(dir, "link")
	file, err := os.Create(saved)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := os.Symlink(saved, link); err != nil {
		t.Skip(err)
	}
	for name, test := range map[string]struct {
		w    io.Writer
		page string
		in   []string
	}{
		"read":             {io.Discard, saved, []string{"-", saved}},
		"read by a link":   {io.Discard, saved, []string{link}},
		"written":          {file, saved, nil},
		"written, by link": {file, link, nil},
	} {
		_, err := output.Open(test.w, output.Options{Page: test.page, Inputs: test.in})
		if page, ok := errors.AsType[*downloader.UsageError](err); !ok || !strings.Contains(page.Error(), "would replace") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(saved + ".part"); !errors.Is(err, os.ErrNotExist) {
		t.Error("a page was begun")
	}
}

// A page that is not finished does not appear, and the previous file stays.
func TestPageThatIsNotFinished(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(name, []byte("before"), 0o666); err != nil {
		t.Fatal(err)
	}
	o, err := output.Open(io.Discard, output.Options{Page: name})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Show(experiment("")); err != nil {
		t.Fatal(err)
	}
	o.Close()
	entries, err := os.ReadDir(filepath.Dir(name))
	if data, _ := os.ReadFile(name); err != nil || string(data) != "before" || len(entries) != 1 {
		t.Errorf("%q, %v, %v", data, entries, err)
	}
}

// Two saved files are shown one after another, and then compared. If a file cannot be used, the
// error names it and nothing is shown.
func TestRedraw(t *testing.T) {
	dir := t.TempDir()
	var data bytes.Buffer
	e := experiment("")
	if err := saved.Write(&data, &e); err != nil {
		t.Fatal(err)
	}
	good, bad := filepath.Join(dir, "good"), filepath.Join(dir, "bad")
	if err := errors.Join(os.WriteFile(good, data.Bytes(), 0o666), os.WriteFile(bad, []byte("{}x\n"), 0o666)); err != nil {
		t.Fatal(err)
	}
	redraw := func(names ...string) (shown string, ranked bool, err error) {
		var b bytes.Buffer
		o, err := output.Open(&b, output.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		err = o.Redraw(names, bytes.NewReader(data.Bytes()))
		return b.String(), o.Ranked(), err
	}
	shown, ranked, err := redraw(good, "-")
	if err != nil || !ranked || strings.Count(shown, "1 image, 1 round of each mode") != 2 || strings.Count(shown, "Before and after") != 1 {
		t.Errorf("%v, ranked %v:\n%s", err, ranked, shown)
	}
	for name, want := range map[string]string{bad: "not a line", dir: "is a directory", filepath.Join(dir, "none"): "no such file"} {
		shown, _, err := redraw(good, name)
		if file, ok := errors.AsType[*downloader.UsageError](err); !ok || file.Source != name || !strings.Contains(file.Error(), want) || shown != "" {
			t.Errorf("%s: %v, shown %q; want %s", name, err, shown, want)
		}
	}
}

// TestForms shows one experiment and two, and looks which parts each form has.
func TestForms(t *testing.T) {
	changes := []report.Changes{{Type: "changes", Conclusion: "Nothing has changed."}}
	const table = "pool n=2"
	for _, c := range []struct {
		opts    output.Options
		sweeps  []string
		changes []report.Changes
		has     []string
		not     []string
	}{
		{output.Options{}, []string{"n=2"}, nil, []string{table}, []string{"n=3", "over the sweep", "Before and after"}},
		{output.Options{}, []string{"n=2", "n=3"}, nil, []string{table, "n=3"}, []string{"Before and after"}},
		{output.Options{}, []string{"", ""}, nil, []string{table}, []string{"Before and after"}},
		{output.Options{}, []string{"n=2", "n=3"}, changes, []string{"Before and after", "Nothing has changed."}, nil},
		{output.Options{JSON: true}, []string{"n=2"}, changes, []string{`{"type":"conditions"`, `{"type":"changes"`}, []string{"Before and after"}},
		{output.Options{CSV: true}, []string{"n=2"}, nil, []string{","}, []string{"Before and after", "{"}},
		{output.Options{Markdown: true}, []string{"n=2"}, changes, []string{"| ", "**Nothing has changed.**"}, []string{"Before and after"}},
		{output.Options{Benchfmt: true}, []string{"n=2"}, nil, []string{"Benchmark"}, []string{"Before and after"}},
	} {
		tables := !c.opts.JSON && !c.opts.CSV && !c.opts.Markdown && !c.opts.Benchfmt
		var w bytes.Buffer
		o, err := output.Open(&w, c.opts)
		if err != nil {
			t.Fatal(err)
		}
		for i, sweep := range c.sweeps {
			before := w.Len()
			if err := o.Show(experiment(sweep)); err != nil {
				t.Fatal(err)
			}
			if shown := w.String()[before:]; tables && strings.HasPrefix(shown, "\n") != (i > 0) {
				t.Errorf("experiment %d begins %.20q", i, shown)
			}
		}
		before := w.Len()
		if err := o.Finish(c.changes); err != nil {
			t.Fatal(err)
		}
		end := w.String()[before:]
		if wide := strings.Contains(end, "n=3"); tables && wide != (len(c.sweeps) == 2 && c.sweeps[0] != "" && c.changes == nil) {
			t.Errorf("%q, %d changes: the end is\n%s", c.sweeps, len(c.changes), end)
		}
		o.Close()
		for _, part := range c.has {
			if !strings.Contains(w.String(), part) {
				t.Errorf("%+v, %q: no %q in\n%s", c.opts, c.sweeps, part, &w)
			}
		}
		for _, part := range c.not {
			if strings.Contains(w.String(), part) {
				t.Errorf("%+v, %q: %q in\n%s", c.opts, c.sweeps, part, &w)
			}
		}
	}
	var w bytes.Buffer
	o, err := output.Open(&w, output.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := o.Finish(changes); err != nil || w.Len() > 0 || !o.Ranked() {
		t.Errorf("without an experiment: %v, %q", err, &w)
	}
	failed := experiment("")
	failed.Comparison.Ranked = false
	if err := o.Show(failed); err != nil || o.Ranked() {
		t.Errorf("%v, ranked %v", err, o.Ranked())
	}
}
