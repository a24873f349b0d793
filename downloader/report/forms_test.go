package report_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"grab/downloader"
	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
	"grab/downloader/report/saved"
	"grab/downloader/report/text"
)

// forms returns the writers of every form of a report but the page.
func forms(all []Experiment) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"table":    func(b io.Writer) error { return text.WriteTable(b, &all[0]) },
		"timeline": func(b io.Writer) error { return text.WriteTimeline(b, &all[0]) },
		"JSON":     func(b io.Writer) error { return saved.Write(b, &all[0]) },
		"CSV":      func(b io.Writer) error { return text.WriteCSV(b, all) },
		"Markdown": func(b io.Writer) error { return text.WriteMarkdown(b, all) },
		"benchfmt": func(b io.Writer) error { return text.WriteBenchmarks(b, all) },
		"sweep":    func(b io.Writer) error { return text.WriteSweep(b, all) },
		"changes": func(b io.Writer) error {
			c := CompareSaved(all, all)
			return errors.Join(text.WriteChanges(b, c), text.WriteChangesMarkdown(b, c), text.WriteChangesJSON(b, c))
		},
	}
}

// If a comparison is interrupted, the modes that did not run have not failed, and their bytes do
// not differ. Nothing is ranked.
func TestInterruptedIsNotFailed(t *testing.T) {
	for name, left := range map[string]int{"in the warm-up": 1, "in the first round": 3, "in the second round": 5} {
		e := reporttest.Experiment(nil)
		e.Conditions.Images, e.Runs = 5, e.Runs[:left]
		e.Comparison = Compare(e.Conditions, e.Runs)
		if want := "Nothing is ranked: not every round was run."; e.Comparison.Ranked || e.Comparison.Conclusion != want {
			t.Errorf("%s: %s", name, e.Comparison.Conclusion)
		}
		for form, write := range forms([]Experiment{e}) {
			got := reporttest.Written(t, write)
			for _, wrong := range []string{"FAILED", " failed", "same bytes", "2.50"} {
				if strings.Contains(got, wrong) && form != "JSON" { // the name of a JSON field
					t.Errorf("%s, %s: %q in\n%s", name, form, wrong, got)
				}
			}
			if left < 4 && form != "JSON" && form != "CSV" && form != "changes" && !strings.Contains(got, "not run") && got != "" {
				t.Errorf("%s, %s: it is not said what did not run:\n%s", name, form, got)
			}
		}
	}
}

// The texts of a saved file reach a terminal without control characters, and without characters
// that change the direction of a line.
func TestReadMakesHarmless(t *testing.T) {
	const evil = "x\x1b]0;title\x07\u202e\u009b2J"
	e := reporttest.Experiment(func(r *Run) {
		r.Images[0].File = evil
		if r.Mode == downloader.Process {
			r.Mode, r.Error = evil, evil
		}
	})
	c := &e.Conditions
	c.Version, c.Preset, c.Sweep, c.Size, c.Verify, c.Machine, c.Modes[2] = evil, evil, evil, evil, evil, Machine{evil, evil, 2, evil, evil}, evil
	got, err := saved.Read(strings.NewReader(reporttest.Written(t, func(b io.Writer) error { return saved.Write(b, &e) })))
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range forms(got) {
		if shown := reporttest.Written(t, write); strings.ContainsAny(shown, "\x1b\x07\u202e\u009b") || !strings.Contains(shown, "]0;title") && name != "timeline" {
			t.Errorf("%s: %q", name, shown)
		}
	}
}

// If a file can be read, whatever it says, every form can be written in reasonable time and without
// NaN.
func FuzzRead(f *testing.F) {
	e := reporttest.Experiment(nil)
	e.Runs[1].Server = &ServerFigures{Requests: 10, Connections: 2, PeakInFlight: 3, CPUSeconds: 0.1}
	var b bytes.Buffer
	if err := saved.Write(&b, &e); err != nil {
		f.Fatal(err)
	}
	whole := b.String()
	f.Add([]byte(whole))
	for was, is := range map[string]string{
		`"seconds":9.25,`: `"seconds":0,`, `"seconds":3.7,`: `"seconds":5e-324,`, `"cpu_seconds":0.05,`: `"cpu_seconds":1e308,`,
		`"round":1,`: `"round":4000000000000000000,`, `"total":1.85`: `"total":0`, `"cpus":2`: `"cpus":0`, `"rounds":2`: `"rounds":0`,
		`"startup_seconds":0.02,`: `"startup_seconds":1e308,`, `"ok":5`: `"ok":4`, `"modes":["`: `"modes":["pool","pool","`,
		`"workers":[3]`: `"workers":[]`, `"other_cpu_seconds":0`: `"other_cpu_seconds":1e308`, `"connections":2`: `"connections":-9`,
	} {
		changed := strings.ReplaceAll(whole, was, is)
		if changed == whole {
			f.Fatalf("no %s in %s", was, whole)
		}
		f.Add([]byte(changed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := saved.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		for name, write := range forms(got) {
			if shown := reporttest.Written(t, write); strings.Contains(shown, "NaN") || strings.ContainsRune(shown, '\x1b') {
				t.Errorf("%s: %q", name, shown)
			}
		}
	})
}
