package report

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
)

// lines is what compare -json writes of experiments.
func lines(t *testing.T, experiments ...Experiment) string {
	t.Helper()
	return text(t, func(b *bytes.Buffer) error {
		for i := range experiments {
			if err := WriteExperimentJSON(b, &experiments[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestRead(t *testing.T) {
	first, second := savedExperiment(nil), savedExperiment(die)
	second.Conditions.Sweep = "latency=1s"
	data := lines(t, first, second)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(data))
	z.Close()
	for name, data := range map[string]string{"plain": data, "gzip": zipped.String()} {
		got, err := Read(strings.NewReader(data))
		if err != nil || len(got) != 2 {
			t.Fatalf("%s: %v: %d experiments", name, err, len(got))
		}
		if fmt.Sprintf("%+v", got[0].Comparison) != fmt.Sprintf("%+v", first.Comparison) || got[1].Comparison.Ranked || got[1].Conditions.Sweep != "latency=1s" {
			t.Errorf("%s: %+v", name, got)
		}
		if again := lines(t, got...); again != data && name == "plain" {
			t.Errorf("not the same lines again:\n%s\n%s", again, data)
		}
	}
}

// What a file says that the runs come to is not believed.
func TestReadComputesAgain(t *testing.T) {
	e := savedExperiment(die)
	e.Comparison.Ranked, e.Comparison.Modes[2].Error, e.Comparison.Modes[2].Speedup = true, "", 20
	got, err := Read(strings.NewReader(lines(t, e)))
	if err != nil || got[0].Comparison.Ranked || got[0].Comparison.Modes[2].Error == "" || got[0].Comparison.Modes[2].Speedup != 0 {
		t.Errorf("%v: %+v", err, got)
	}
}

// A file whose end is missing is read as far as it goes, and says so.
func TestReadCut(t *testing.T) {
	data := lines(t, savedExperiment(nil))
	comparison := strings.LastIndex(strings.TrimSpace(data), "\n") + 1
	lastRun := strings.LastIndex(data[:comparison-1], "\n") + 1
	for name, test := range map[string]struct {
		length int
		ranked bool
	}{
		"before the comparison": {comparison, true}, "in the comparison": {comparison + 20, true},
		"in the last run": {lastRun + 30, false}, "after the conditions": {strings.Index(data, "\n") + 1, false},
	} {
		got, err := Read(strings.NewReader(data[:test.length]))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c := got[0].Comparison
		if c.Ranked != test.ranked || len(c.Warnings) == 0 || !strings.Contains(c.Warnings[len(c.Warnings)-1], "ends before the comparison does") {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	whole := lines(t, savedExperiment(nil))
	conditions := whole[:strings.Index(whole, "\n")+1]
	for data, want := range map[string]string{
		"":                                   "holds no comparison",
		"\n\n":                               "holds no comparison",
		"hello\n":                            "line 1: not a line of grab compare -json",
		"\xff\xd8\xff\xe0":                   "line 1: not a line",
		`{"type":"result","index":0}` + "\n": "line 1: of a download",
		`{"index":0,"line":1}` + "\n":        "holds no comparison",
		`{"type":"run"}` + "\n":              "line 1: a run without its conditions",
		`{"type":"comparison"}` + "\n":       "line 1: a comparison without its runs",
		conditions + "{\n" + whole:           "line 2: not a line",
		conditions + `{"type":"run","ok":2}` + "\n":                                                     "line 2: a run with 2 images, of which it holds 0",
		conditions + `{"type":"run","seconds":-1}` + "\n":                                               "line 2: a run with impossible figures",
		conditions + `{"type":"run","workers":99999999}` + "\n":                                         "line 2: a run with impossible figures",
		conditions + `{"type":"run","ok":1,"images":[{"timing":{"total":1e308}}]}` + "\n":               "line 2: an image with impossible times",
		conditions + `{"type":"run","ok":1,"images":[{"worker":-1}]}` + "\n":                            "line 2: an image with impossible figures",
		conditions + `{"type":"run","round":"x"}` + "\n":                                                "line 2: json:",
		`{"type":"conditions","workers":[` + strings.Repeat("1,", 5000) + `1],"modes":["pool"]}` + "\n": "line 1: a comparison of 5001",
		"\x1f\x8bnot gzip": "gzip",
	} {
		if got, err := Read(strings.NewReader(data)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q: %v, %v; want %q", data, got, err, want)
		}
	}
}

func TestCompared(t *testing.T) {
	before, after := many(nil), many(func(r *Run) {
		if r.Mode == "pool" {
			r.Seconds *= 0.8
		}
	})
	all := Compared([]Experiment{before}, []Experiment{after})
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
	fewer := savedExperiment(nil)
	swept := many(nil)
	swept.Conditions.Sweep = "n=2"
	for name, test := range map[string]struct {
		after Experiment
		want  string
	}{
		"failed": {savedExperiment(die), "One of the two is not ranked: nothing is compared."},
		"other":  {other, "One of the two is not ranked"},
		"few":    {fewer, "No difference can be told"},
		"sweep":  {swept, "no such comparison"},
	} {
		got := Compared([]Experiment{savedExperiment(nil)}, []Experiment{test.after})
		if len(got) != 1 || !strings.Contains(got[0].Conclusion, test.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	hot := many(nil)
	hot.Conditions.Latency = 9
	if got := Compared([]Experiment{before}, []Experiment{hot}); len(got[0].Warnings) != 1 || !strings.Contains(got[0].Warnings[0], "latency") {
		t.Errorf("%+v", got)
	}
}

// many is an experiment of twelve rounds that differ a little.
func many(change func(*Run)) Experiment {
	e := Experiment{Conditions: conditions(12)}
	for round := range 12 {
		for _, r := range experiment()[:3] {
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
