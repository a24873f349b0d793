package report_test

import (
	"strings"
	"testing"

	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

func TestCompareSaved(t *testing.T) {
	before, after := many(nil), many(func(r *Run) {
		if r.Mode == "pool" {
			r.Seconds *= 0.8
		}
	})
	all := CompareSaved([]Experiment{before}, []Experiment{after})
	if len(all) != 1 || len(all[0].List) != 3 || len(all[0].Warnings) != 0 {
		t.Fatalf("%+v", all)
	}
	for _, c := range all[0].List {
		pool := c.Name == "pool n=3"
		if c.Different != pool || pool && (!strings.HasPrefix(c.Verdict, "20.0 % less time (p = ") || !near(c.Ratio, 0.8)) {
			t.Errorf("%+v", c)
		}
	}
	if !strings.Contains(all[0].Conclusion, "pool n=3: 20.0 % less time") {
		t.Error(all[0].Conclusion)
	}

	other := many(nil)
	other.Conditions.Latency, other.Runs[0].Images[0].SHA256 = 9, "another"
	other.Comparison = Compare(other.Conditions, other.Runs)
	fewer := reporttest.Experiment(nil)
	swept := many(nil)
	swept.Conditions.Sweep = "n=2"
	for name, test := range map[string]struct {
		after Experiment
		want  string
	}{
		"failed": {reporttest.Broken(), "One of the two is not ranked: nothing is compared."},
		"other":  {other, "One of the two is not ranked"},
		"few":    {fewer, "No significant difference was found"},
		"sweep":  {swept, "no such comparison"},
	} {
		got := CompareSaved([]Experiment{reporttest.Experiment(nil)}, []Experiment{test.after})
		if len(got) == 0 || !strings.Contains(got[0].Conclusion, test.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	hardly := many(func(r *Run) { r.Seconds *= 1.005 })
	for _, c := range CompareSaved([]Experiment{before}, []Experiment{hardly})[0].List {
		if c.Different || !strings.HasPrefix(c.Verdict, "no significant difference: 0.50 % is less than the 1 %") {
			t.Errorf("%+v", c)
		}
	}
	two := CompareSaved([]Experiment{before, before}, []Experiment{before, after, swept})
	if len(two) != 3 || !strings.Contains(two[0].Conclusion, "No significant difference") || !strings.Contains(two[1].Conclusion, "20.0 % less") ||
		two[2].Sweep != "n=2" || !strings.Contains(two[2].Conclusion, "The first file has no such comparison") {
		t.Errorf("two comparisons in a file: %+v", two)
	}
	for want, change := range map[string]func(*Conditions){
		"Not the same latency: 0 and 9s.":                                     func(c *Conditions) { c.Latency = 9 },
		"Not the same machine: /, 2 CPUs,  and plan9/mips, 2 CPUs Slow, go1.": func(c *Conditions) { c.Machine = Machine{"plan9", "mips", 2, "Slow", "go1"} },
		"Not the same server: the list's own and the embedded one.":           func(c *Conditions) { c.Local = true },
		"Not the same faults: none and a01-short=5%.":                         func(c *Conditions) { c.Faults = "a01-short=5%" },
		"Not the same protocol: without -http1 and with -http1.":              func(c *Conditions) { c.HTTP1 = true },
		"Not the same protocol: without -http2 and with -http2.":              func(c *Conditions) { c.HTTP2 = true },
		"Not the same durability: without -durable and with -durable.":        func(c *Conditions) { c.Durable = true },
		"Not the same size: the list's and 20x30.":                            func(c *Conditions) { c.Size = "20x30" },
	} {
		other := many(nil)
		change(&other.Conditions)
		if got := CompareSaved([]Experiment{before}, []Experiment{other}); len(got[0].Warnings) != 1 || got[0].Warnings[0] != want {
			t.Errorf("%q, want %q", got[0].Warnings, want)
		}
	}
}

// many returns an experiment of twelve rounds whose times vary a little.
func many(change func(*Run)) Experiment {
	e := Experiment{Conditions: reporttest.Conditions(12)}
	for round := range 12 {
		for _, r := range reporttest.Runs()[:3] {
			r.Round = round
			r.Seconds *= 1 + 0.0001*float64(round)
			if change != nil {
				change(&r)
			}
			e.Runs = append(e.Runs, r)
		}
	}
	e.Comparison = Compare(e.Conditions, e.Runs)
	return e
}
