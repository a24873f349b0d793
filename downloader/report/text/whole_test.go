package text

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

var update = flag.Bool("update", false, "write the reports into testdata/reports.txt")

// TestWholeReports compares each form of some experiments with testdata/reports.txt. After a change
// that is meant, look at what -update changes there.
func TestWholeReports(t *testing.T) {
	var b strings.Builder
	write := func(name string, write func(io.Writer) error) {
		fmt.Fprintf(&b, "== %s\n%s", name, reporttest.Written(t, write))
	}
	rich := reporttest.Rich(nil)
	rich.Conditions.Preset, rich.Conditions.Sweep = "picsum", "n=3"
	rich.Comparison = report.Compare(rich.Conditions, rich.Runs)
	broken := reporttest.Rich(func(r *report.Run) {
		r.Server, r.PeakRSSBytes = nil, 0
		if r.Mode == downloader.Process {
			r.OK, r.Bytes, r.Images, r.Error = 3, 3003, r.Images[:3], "x\n|y|"
		}
	})
	broken.Conditions.Local = false
	interrupted := reporttest.Rich(nil)
	interrupted.Runs = interrupted.Runs[:9]
	interrupted.Runs[8].Warmup = true
	interrupted.Comparison = report.Compare(interrupted.Conditions, interrupted.Runs)
	interrupted.Conditions.Sweep = "latency=0.5s"
	all := []report.Experiment{rich, broken, interrupted}
	for i, name := range []string{"rich", "broken", "interrupted"} {
		write(name+", table", func(w io.Writer) error { return WriteTable(w, &all[i]) })
		write(name+", timeline", func(w io.Writer) error { return WriteTimeline(w, &all[i]) })
	}
	write("sweep", func(w io.Writer) error { return WriteSweep(w, all) })
	write("Markdown", func(w io.Writer) error { return WriteMarkdown(w, all) })
	faster := reporttest.Rich(func(r *report.Run) {
		if r.Mode == downloader.Pool {
			r.Seconds *= 0.5
		}
	})
	faster.Conditions.Sweep, faster.Conditions.Latency = "n=3", 0.25
	changes := report.CompareSaved([]report.Experiment{rich, broken}, []report.Experiment{faster})
	write("changes", func(w io.Writer) error { return WriteChanges(w, changes) })
	write("changes in Markdown", func(w io.Writer) error { return WriteChangesMarkdown(w, changes) })
	for i := range all {
		all[i].Runs = slices.Clone(all[i].Runs[5:9])
	}
	write("CSV", func(w io.Writer) error { return WriteCSV(w, all) })
	write("benchmarks", func(w io.Writer) error { return WriteBenchmarks(w, all) })

	reporttest.Golden(t, "testdata/reports.txt", b.String(), *update)
}

// TestVerdicts says whether times may be compared, and why not.
func TestVerdicts(t *testing.T) {
	failed, never, ran := report.Figures{Error: "x", Seconds: []float64{1}}, report.Figures{Error: "it did not run"}, report.Figures{Seconds: []float64{1}}
	for _, c := range []struct {
		c    report.Comparison
		want string
	}{
		{report.Comparison{Ranked: true, Images: 1}, "All modes fetched the same bytes."},
		{report.Comparison{Modes: []report.Figures{failed}}, "There was nothing to fetch: nothing is ranked."},
		{report.Comparison{Images: 1, Modes: []report.Figures{never, failed}}, "Not every mode fetched every image: no times count, and nothing is ranked."},
		{report.Comparison{Images: 1, Modes: []report.Figures{never}}, "Not every round was run: nothing is ranked."},
		{report.Comparison{Images: 1, Identical: true, Modes: []report.Figures{ran}}, "Not every round was run: nothing is ranked."},
		{report.Comparison{Images: 1, Modes: []report.Figures{ran}}, "The modes did not fetch the same bytes: no times count, and nothing is ranked."},
	} {
		if got := verdict(&c.c); got != c.want {
			t.Errorf("%+v: %s, want %s", c.c, got, c.want)
		}
	}
}

// TestRows draws workers whose images are as wide as a column, or nearly.
func TestRows(t *testing.T) {
	image := func(index int, start, total float64) report.Image {
		return report.Image{Index: index, Start: start, Timing: downloader.Timing{Total: total}}
	}
	other := image(9, 0, 64)
	other.Worker = 1
	for _, c := range []struct {
		images []report.Image // of an axis of 64 s
		want   string         // without the spaces at the end
		dense  bool
	}{
		{nil, "", false},
		{[]report.Image{other, image(7, 0, 4)}, "[7=]", false},
		{[]report.Image{image(7, 0, 3.4)}, "###.", true},
		{[]report.Image{image(7, 0, 3.5)}, "[7=]", false},
		{[]report.Image{image(77, 0, 4), image(777, 4, 4), image(7, 9, 5)}, "[77][==] [=7=]", false},
		{[]report.Image{image(77, 0, 7)}, "[=77==]", false},
		{[]report.Image{image(7, 60, 9)}, strings.Repeat(" ", 60) + "[7=]", false},
		{[]report.Image{image(7, -1, 5)}, "####", true},
		{[]report.Image{image(7, 1, 0.75), image(8, 2, 0.74), image(9, 3, 0.41), image(1, 4, 0.39), image(1, 5, 0.06), image(1, 6, 0.04)}, " #++..", true},
		{[]report.Image{image(7, 0, 0.4)}, "+", true},
		{[]report.Image{image(7, 0, 0.05)}, ".", true},
		{[]report.Image{image(7, 0, 0.04)}, "", false},
		{[]report.Image{image(7, 0.5, 0.3), image(8, 0.8, 0.3)}, "+.", true},
		{[]report.Image{image(7, 62.5, 9)}, strings.Repeat(" ", 62) + "+#", true},
		{[]report.Image{image(7, 0, 4), image(8, 3, 1.5)}, "[7=]+", true},
	} {
		row, dense := timelineRow(c.images, 0, 64)
		if strings.TrimRight(row, " ") != c.want || len(row) != 64 || dense != c.dense {
			t.Errorf("%+v: %q, %v; want %q", c.images, row, dense, c.want)
		}
	}
	for span, want := range map[float64]string{64: "1.00 s", 6.4: "0.10 s", 6.3936: "99.9 ms", 0.064: "1 ms", 0.1: "1.56 ms"} {
		if got := columnTime(span); got != want {
			t.Errorf("%v: %s, want %s", span, got, want)
		}
	}
	var b strings.Builder
	if err := WriteTimeline(&b, &report.Experiment{}); err != nil || b.Len() > 0 {
		t.Errorf("nothing to draw: %q, %v", &b, err)
	}
}

// TestTimelineOfManyContenders leaves out contenders beyond the number of lines, but never the first.
func TestTimelineOfManyContenders(t *testing.T) {
	for contenders, want := range map[int]int{5: 5, 6: 5, 7: 5} {
		var e report.Experiment
		for i := range contenders {
			e.Conditions.Modes = append(e.Conditions.Modes, downloader.Mode(fmt.Sprint("m", i)))
			r := report.Run{Mode: e.Conditions.Modes[i], Workers: 8, Total: 1, OK: 1, Seconds: 1, Images: []report.Image{{SHA256: "x", Timing: downloader.Timing{Total: 1}}}}
			e.Runs = append(e.Runs, r)
		}
		e.Conditions.Workers, e.Conditions.Rounds = []int{8}, 1
		e.Comparison = report.Compare(e.Conditions, e.Runs)
		got := reporttest.Written(t, func(b io.Writer) error { return WriteTimeline(b, &e) })
		note := ""
		if contenders > want {
			note = fmt.Sprintf("  and %d more contenders\n", contenders-want)
		}
		if strings.Count(got, "     8 |") != want || strings.Contains(got, "more contenders") != (note != "") || !strings.Contains(got, note) {
			t.Errorf("%d contenders:\n%s", contenders, got)
		}
	}
}

// TestEscapes has the characters on both sides of each limit.
func TestEscapes(t *testing.T) {
	if got, want := benchmarkName("azAZ09`{@[/:=._-é"), "azAZ09______=.___"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	const plain = "azAZ09_./-+,:@%"
	if got := shellWord(plain); got != plain {
		t.Errorf("%s, want %s", got, plain)
	}
	for _, r := range "`{[;=*~$#! " {
		if got, want := shellWord(string(r)), "'"+string(r)+"'"; got != want {
			t.Errorf("%q: %s, want %s", r, got, want)
		}
	}
}

// TestWrapLimits breaks lines before column 80, but no word.
func TestWrapLimits(t *testing.T) {
	word := func(n int) string { return strings.Repeat("é", n) }
	for _, c := range []struct{ indent, text, want string }{
		{"", "", "\n"}, {"", "a  b\n", "a b\n"},
		{"", word(77) + " b c", word(77) + " b\nc\n"}, {"", word(78) + " b", word(78) + "\nb\n"},
		{"  ", word(75) + " b c", "  " + word(75) + " b\n  c\n"}, {"  ", word(90) + " b", "  " + word(90) + "\n  b\n"},
		{"", "a " + word(77) + " b", "a " + word(77) + "\nb\n"}, {"", "a " + word(78), "a\n" + word(78) + "\n"},
	} {
		var b strings.Builder
		if wrap(&b, c.indent, c.text); b.String() != c.want {
			t.Errorf("%q: %q, want %q", c.text, b.String(), c.want)
		}
	}
}

// TestFitting counts the columns of a sweep up to the limit.
func TestFitting(t *testing.T) {
	named := func(lengths ...int) (all []report.Contender) {
		for _, n := range lengths {
			all = append(all, report.Contender{Mode: downloader.Mode(strings.Repeat("m", n))})
		}
		return all
	}
	for _, c := range []struct {
		lengths []int
		margin  int
		want    int
	}{{nil, 0, 0}, {[]int{90}, 0, 1}, {[]int{90, 1}, 0, 1}, {[]int{1, 1}, 59, 2}, {[]int{1, 1}, 60, 1}, {[]int{9, 20}, 45, 2}, {[]int{9, 21}, 46, 1}, {[]int{1, 1, 1, 1, 1, 1, 1, 1}, 0, 7}} {
		if got := fitting(named(c.lengths...), c.margin); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

// TestSummaryLimits has summaries with one of each, and with more hosts than are named.
func TestSummaryLimits(t *testing.T) {
	f := &Failures{}
	for i := range 7 {
		for n := range i + 1 {
			f.Observe(downloader.Result{
				Item:   downloader.Item{Index: 100*i + 9 - n, Line: 100*i + n, URL: fmt.Sprintf("http://h%d/%d", i, n)},
				Status: downloader.StatusFailed, Class: downloader.ClassDNS, Error: "x",
			})
		}
	}
	write := func(s downloader.Summary) string {
		return reporttest.Written(t, func(w io.Writer) error { return WriteSummary(w, s, f) })
	}
	got := write(downloader.Summary{Mode: downloader.Pool, Workers: 3, Listed: 50, Total: 40, OK: 12, Failed: 28, Classes: map[downloader.Class]int{downloader.ClassDNS: 28}, Elapsed: 1,
		Alike:  []downloader.Alike{{Images: 5, File: "a.jpg", SHA256: "ab"}, {Images: 4, AtLeast: true, File: "b.jpg", SHA256: "cd"}},
		Shared: 2, SavedBytes: 3000, Usage: downloader.Usage{PeakRSS: 1}})
	want := `40 of 50 images: 12 ok, 28 failed, 0 skipped
0 B in 0.000 s, 12000000000.0 images/s
mode pool, 3 workers; CPU 0.000 s, memory 1 B
28 failed with dns, e.g. argument http://h0/0: x
of 7 hosts; the 5 with the most failures:
       7  http://h6
       6  http://h5
       5  http://h4
       4  http://h3
       3  http://h2
the same: 5 images have the bytes of a.jpg; if that is a placeholder: -reject sha256:ab
the same: at least 4 images have the bytes of b.jpg; if that is a placeholder: -reject sha256:cd
shared: 2 images have the bytes of other files, which saves 3.0 kB
`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	f = &Failures{Dir: "d"}
	for i, index := range []int{5, 3, 4} {
		f.Observe(downloader.Result{Item: downloader.Item{Index: index, Line: index, URL: "http://h/"}, Status: downloader.StatusFailed, Class: downloader.ClassDNS, Error: fmt.Sprint(i)})
	}
	f.Observe(downloader.Result{Status: downloader.StatusOK, Class: downloader.ClassIO})
	got = write(downloader.Summary{Mode: downloader.Sequential, Workers: 1, Listed: 1, Total: 1, OK: 1, Classes: map[downloader.Class]int{downloader.ClassDNS: 3, downloader.ClassIO: 1}})
	want = `1 image: 1 ok, 0 failed, 0 skipped
0 B in 0.000 s, 0.0 images/s
mode sequential; CPU 0.000 s
3 failed with dns, e.g. line 3, http://h/: 1
1 failed with io
the rest: grab status -failed d (URLs), grab status -csv d (reasons)
`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	f = &Failures{Dir: "d"}
	f.Observe(downloader.Result{Item: downloader.Item{Line: 1, URL: "http://h/"}, Status: downloader.StatusFailed, Class: downloader.ClassDNS, Error: "x"})
	for n, rest := range map[int]bool{1: false, 2: true} {
		if got := write(downloader.Summary{Failed: n, Classes: map[downloader.Class]int{downloader.ClassDNS: n}}); strings.Contains(got, "the rest") != rest {
			t.Errorf("%d failures:\n%s", n, got)
		}
	}
}

// TestHostLines has a line for each change of a host, but for retries.
func TestHostLines(t *testing.T) {
	var b strings.Builder
	j := NewJSONLines(&b)
	for _, change := range []downloader.HostChange{downloader.HostRetry, downloader.HostHeld} {
		j.ObserveHost(downloader.HostEvent{Host: "h", Change: change, Wait: 1_500_000_000, Reason: "r"})
	}
	if err := j.Flush(); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, `{"type":"host","time":"0001-01-01T00:00:00Z","host":"h","change":"held"`) || !strings.HasSuffix(got, `,"wait_seconds":1.5}`+"\n") {
		t.Error(got)
	}
}

// TestEveryWriteError returns the error of each writer, of each line.
func TestEveryWriteError(t *testing.T) {
	e := reporttest.Experiment(nil)
	long := e
	for len(long.Runs) < 4000 { // more than a writer buffers
		long.Runs = append(long.Runs, e.Runs...)
	}
	for name, write := range map[string]func(io.Writer) error{
		"timeline":     func(w io.Writer) error { return WriteTimeline(w, &e) },
		"sweep":        func(w io.Writer) error { return WriteSweep(w, []report.Experiment{e}) },
		"Markdown":     func(w io.Writer) error { return WriteMarkdown(w, []report.Experiment{e}) },
		"CSV":          func(w io.Writer) error { return WriteCSV(w, []report.Experiment{e}) },
		"long CSV":     func(w io.Writer) error { return WriteCSV(w, []report.Experiment{long}) },
		"benchmarks":   func(w io.Writer) error { return WriteBenchmarks(w, []report.Experiment{e}) },
		"changes":      func(w io.Writer) error { return WriteChanges(w, []report.Changes{{}}) },
		"Markdown too": func(w io.Writer) error { return WriteChangesMarkdown(w, []report.Changes{{}}) },
		"JSON changes": func(w io.Writer) error { return WriteChangesJSON(w, []report.Changes{{}}) },
		"failures":     func(w io.Writer) error { return WriteFailures(w, reporttest.Summary(), &Failures{}) },
	} {
		w := &picky{writes: 1, err: errors.New("gone")}
		if err := write(w); !errors.Is(err, w.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOneOfEach writes tables of one row, and timelines of contenders that have nothing to draw.
func TestOneOfEach(t *testing.T) {
	e := report.Experiment{Conditions: report.Conditions{Rounds: 1, Verify: "type", Modes: []downloader.Mode{downloader.Pool}, Workers: []int{2}}}
	e.Runs = []report.Run{{Mode: downloader.Pool, Workers: 2, Total: 1, OK: 1, Seconds: 1, Images: []report.Image{{SHA256: "x", Timing: downloader.Timing{Total: 1}}}}}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	if got := reporttest.Written(t, func(w io.Writer) error { return WriteTable(w, &e) }); strings.Count(got, "  pool  2  ") != 5 {
		t.Errorf("one contender:\n%s", got)
	}
	want := "Unit images/s better=higher\npkg: grab\nimages: 1\nverify: type\nBenchmarkCompare/mode=pool/n=2 1 1 sec/run 1 images/s 0 cpu-sec/run 0 peak-B\n\n"
	if got := reporttest.Written(t, func(w io.Writer) error { return WriteBenchmarks(w, []report.Experiment{e}) }); got != want {
		t.Errorf("%q, want %q", got, want)
	}

	changes := []report.Changes{{List: []report.Change{{Name: "a|b", Before: 1, After: 2, Ratio: 2, Verdict: "v"}}, Conclusion: "c"}}
	want = "\nBefore and after; times in seconds\n\n  contender  before  after  ratio\n  a|b        1.000   2.000  2.000\n\n  a|b: v\n\nc\n"
	if got := reporttest.Written(t, func(w io.Writer) error { return WriteChanges(w, changes) }); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	want = "\n**c**\n\n| contender | before s | after s | ratio | verdict |\n| --- | ---: | ---: | ---: | --- |\n| a\\|b | 1.000 | 2.000 | 2.000 | v |\n"
	if got := reporttest.Written(t, func(w io.Writer) error { return WriteChangesMarkdown(w, changes) }); got != want {
		t.Errorf("%q, want %q", got, want)
	}

	other, empty := e.Runs[0], e.Runs[0]
	other.Mode, other.Images = "other", []report.Image{{SHA256: "x"}}
	empty.Mode, empty.Images = downloader.Process, nil
	e.Runs = []report.Run{other, empty, e.Runs[0]}
	e.Comparison.Modes = []report.Figures{{Mode: "never", Workers: 2}, {Mode: "other", Workers: 2}, {Mode: downloader.Process, Workers: 2}, {Mode: downloader.Pool, Workers: 2}}
	idle := "     2 |" + strings.Repeat(" ", 64) + "|\n"
	want = "\nWhen each worker had which image; a column is 15.6 ms\n\n  never n=2 did not run\n  process n=2: nothing was fetched\n  pool n=2\n     1 |[" +
		strings.Repeat("=", 30) + "0" + strings.Repeat("=", 31) + "]|\n" + idle + "       0" + strings.Repeat(" ", 59) + "1.00 s\n"
	if got := reporttest.Written(t, func(w io.Writer) error { return WriteTimeline(w, &e) }); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestOmittedPairs lists pairs that differ only if there are few of them.
func TestOmittedPairs(t *testing.T) {
	for _, c := range []struct {
		pairs, different int
		want             string
	}{
		{maxPairs, maxPairs, strings.Repeat("  v\n", maxPairs)}, {maxPairs + 1, 0, strings.Repeat("  a and b: v\n", maxPairs+1)},
		{maxPairs + 1, 1, strings.Repeat("  a and b: v\n", maxPairs) + "  the other pair differs\n"}, {maxPairs + 1, 2, strings.Repeat("  a and b: v\n", maxPairs-1) + "  the other 2 pairs differ\n"},
	} {
		var all []report.Difference
		for i := range c.pairs {
			all = append(all, report.Difference{A: "a", B: "b", Verdict: "v", Different: i >= c.pairs-c.different})
		}
		var b strings.Builder
		differences(&b, all)
		if want := "\nDifferences in time (Mann-Whitney U test with Holm's correction):\n" + c.want; b.String() != want {
			t.Errorf("%+v: %q, want %q", c, b.String(), want)
		}
	}
}
