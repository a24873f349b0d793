package report_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"grab/downloader"
	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

var update = flag.Bool("update", false, "write the comparisons into testdata/comparisons.txt")

// TestWholeComparisons compares every figure of some comparisons with testdata/comparisons.txt.
// After a change that is meant, look at what -update changes there.
func TestWholeComparisons(t *testing.T) {
	var b strings.Builder
	write := func(name string, e Experiment) {
		c := e.Comparison
		modes, differences := c.Modes, c.Differences
		c.Modes, c.Differences = nil, nil
		fmt.Fprintf(&b, "== %s: span %.6g, fastest %s, interrupted %v\n%s\n", name, e.Span(), e.Comparison.Fastest(), e.Comparison.Interrupted(), line(t, c))
		for i := range modes {
			round := "none"
			if r := e.Representative(&modes[i]); r != nil {
				round = strconv.Itoa(r.Round)
			}
			fmt.Fprintf(&b, "%s; representative round %s of %d\n", line(t, modes[i]), round, len(e.RunsOf(&modes[i])))
		}
		for _, d := range differences {
			fmt.Fprintln(&b, line(t, d))
		}
	}
	two := func(e Experiment, change func(*Run)) Experiment { // only pool n=3 and process n=3
		e.Conditions.Modes, e.Conditions.Workers, e.Conditions.With = downloader.Modes()[1:], []int{3}, nil
		e.Runs = slices.DeleteFunc(e.Runs, func(r Run) bool { return r.Workers != 3 || r.Mode == "other" })
		for i := range e.Runs {
			if change != nil {
				change(&e.Runs[i])
			}
		}
		e.Comparison = Compare(e.Conditions, e.Runs)
		return e
	}
	write("every contender", reporttest.Rich(nil))
	write("two contenders", two(reporttest.Rich(nil), nil))
	write("one failed in one round", two(reporttest.Rich(nil), func(r *Run) {
		if r.Mode == downloader.Process && r.Round == 2 {
			r.OK, r.Bytes, r.Images, r.Error = 3, 3003, r.Images[:3], "x\ny"
		}
	}))
	write("other bytes in the second run", two(reporttest.Rich(nil), func(r *Run) {
		if r.Mode == downloader.Process && r.Round == 0 {
			r.Images[4].SHA256 = "other"
		}
	}))
	write("an image that is not described", two(reporttest.Rich(nil), func(r *Run) {
		if r.Mode == downloader.Process && r.Round == 5 {
			r.Images = r.Images[:4]
		}
	}))
	write("equal counts, other bytes counted", two(reporttest.Rich(nil), func(r *Run) { r.Bytes += int64(r.Round) }))
	alone := reporttest.Rich(func(r *Run) { r.Seconds = 0 })
	alone.Conditions.Modes, alone.Conditions.With, alone.Runs = downloader.Modes()[:1], nil, alone.Runs[:1]
	alone.Conditions.Rounds = 1
	alone.Comparison = Compare(alone.Conditions, alone.Runs)
	write("no time", alone)
	none := reporttest.Rich(nil)
	none.Conditions.Modes, none.Conditions.With = nil, nil
	none.Comparison = Compare(none.Conditions, none.Runs)
	write("no contender", none)
	none.Conditions.Modes, none.Runs = downloader.Modes()[:2], nil
	none.Comparison = Compare(none.Conditions, none.Runs)
	write("no run", none)
	small := reporttest.Rich(func(r *Run) { r.Listed, r.Total, r.OK, r.Images = 1, 1, 1, r.Images[:1] })
	small.Conditions.Images, small.Conditions.Machine.CPUs = 1, 1
	write("one image, one processor", two(small, nil))

	reporttest.Golden(t, "testdata/comparisons.txt", b.String(), *update)
}

// line returns v as JSON whose numbers have six digits, which are the same on every processor.
func line(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(data, &decoded); err != nil {
		t.Fatal(err)
	}
	if data, err = json.Marshal(rounded(decoded)); err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func rounded(v any) any {
	switch v := v.(type) {
	case float64:
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
		return v
	case []any:
		for i := range v {
			v[i] = rounded(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = rounded(v[name])
		}
	}
	return v
}

// TestPhasePairs yields each phase once, until the caller has enough.
func TestPhasePairs(t *testing.T) {
	a := downloader.Timing{Queue: 1, DNS: 2, Connect: 3, TLS: 4, FirstByte: 5, Body: 6, Verify: 7, Commit: 8, Total: 9}
	b := downloader.Timing{Queue: 10, DNS: 20, Connect: 30, TLS: 40, FirstByte: 50, Body: 60, Verify: 70, Commit: 80, Total: 90}
	for stop := 1; stop <= 9; stop++ {
		n := 0
		for x, y := range PhasePairs(&a, &b) {
			if n++; *x != float64(n) || *y != float64(10*n) {
				t.Errorf("pair %d is %v and %v", n, *x, *y)
			}
			if n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("%d pairs, want %d", n, stop)
		}
	}
}

// TestTimed asks runs and figures for what another program does not tell.
func TestTimed(t *testing.T) {
	image := func(worker int, total float64) Image {
		return Image{Worker: worker, Timing: downloader.Timing{Total: total}}
	}
	for _, c := range []struct {
		images []Image
		timed  bool
		rows   int
	}{
		{nil, true, 2}, {[]Image{image(0, 0)}, false, 2}, {[]Image{image(1, 0), image(0, 0.5)}, true, 2}, {[]Image{image(0, 1), image(2, 0)}, true, 3},
	} {
		r := Run{Workers: 2, Images: c.images}
		if r.Timed() != c.timed || r.Rows() != c.rows {
			t.Errorf("%+v: timed %v, %d rows", c.images, r.Timed(), r.Rows())
		}
	}
	if (&Figures{}).Timed() || !(&Figures{Latency: Percentiles{Max: 0.001}}).Timed() {
		t.Error("figures with times are told by their slowest image")
	}
}

// TestChangeLimits compares what two saved files hardly have in common.
func TestChangeLimits(t *testing.T) {
	base := many(nil)
	without := func(modes ...downloader.Mode) Experiment {
		e := many(nil)
		e.Conditions.Modes = modes
		e.Runs = slices.DeleteFunc(e.Runs, func(r Run) bool { return !slices.Contains(modes, r.Mode) })
		e.Comparison = Compare(e.Conditions, e.Runs)
		return e
	}
	four := many(func(r *Run) { r.Total, r.OK, r.Images = 4, 4, r.Images[:4] })
	swept := many(nil)
	swept.Conditions.Sweep = "n=2"
	bare := many(nil)
	for i := range bare.Runs { // as Compare saw them once
		bare.Runs[i].Images = nil
	}
	for name, c := range map[string]struct {
		before, after []Experiment
		contenders    []string
		want          []string // warnings and conclusion of each
	}{
		"no pool":         {[]Experiment{base}, []Experiment{without(downloader.Sequential, downloader.Process)}, []string{"sequential", "process n=3"}, []string{"No significant difference was found between the two."}},
		"only processes":  {[]Experiment{without(downloader.Pool)}, []Experiment{without(downloader.Process)}, nil, []string{"The two have no contender in common."}},
		"fewer images":    {[]Experiment{base}, []Experiment{four}, nil, []string{"The first fetched 5 images and the second 4: nothing is compared."}},
		"only the first":  {[]Experiment{base}, nil, nil, []string{"The second file has no such comparison."}},
		"only the second": {nil, []Experiment{base}, nil, []string{"The first file has no such comparison."}},
		"other points":    {[]Experiment{swept, base}, []Experiment{base}, []string{"sequential", "pool n=3", "process n=3"}, []string{"The second file has no such comparison.", "No significant difference was found between the two."}},
		"other bytes": {[]Experiment{base}, []Experiment{many(func(r *Run) { r.Images[2].SHA256 = "x" })}, []string{"sequential", "pool n=3", "process n=3"},
			[]string{"The images are not the same.", "No significant difference was found between the two."}},
		"no images there": {[]Experiment{base}, []Experiment{bare}, []string{"sequential", "pool n=3", "process n=3"}, []string{"No significant difference was found between the two."}},
		"more time": {[]Experiment{base}, []Experiment{many(func(r *Run) {
			r.Seconds *= map[downloader.Mode]float64{"pool": 1.25, "process": 0.75, "sequential": 3}[r.Mode]
		})},
			[]string{"sequential", "pool n=3", "process n=3"}, []string{"sequential: 200.0 % more time (p = 2.2e-06); pool n=3: 25.0 % more time (p = 2.2e-06); process n=3: 25.0 % less time (p = 2.2e-06)."}},
	} {
		var contenders, texts []string
		for _, change := range CompareSaved(c.before, c.after) {
			for _, one := range change.List {
				contenders = append(contenders, one.Name)
			}
			texts = append(append(texts, change.Warnings...), change.Conclusion)
		}
		if !slices.Equal(contenders, c.contenders) || !slices.Equal(texts, c.want) {
			t.Errorf("%s: %q, %q; want %q, %q", name, contenders, texts, c.contenders, c.want)
		}
	}
	for want, change := range map[string]func(*Conditions){
		"Not the same jitter: 0 and 1.5ms.":                      func(c *Conditions) { c.Jitter = 0.0015 },
		"Not the same bandwidth: 0 and 7.":                       func(c *Conditions) { c.Bandwidth = 7 },
		"Not the same seed: 0 and 8.":                            func(c *Conditions) { c.Seed = 8 },
		"Not the same version of grab:  and 2.":                  func(c *Conditions) { c.Version = "2" },
		"Not the same verification:  and decode.":                func(c *Conditions) { c.Verify = "decode" },
		"Not the same protocol: without -http1 and with -http1.": func(c *Conditions) { c.HTTP1 = true },
	} {
		other := many(nil)
		change(&other.Conditions)
		if got := CompareSaved([]Experiment{base}, []Experiment{other}); !slices.Equal(got[0].Warnings, []string{want}) {
			t.Errorf("%q, want %q", got[0].Warnings, want)
		}
	}
}
