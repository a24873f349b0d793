package report

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"grab/downloader"
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
		for form, data := range map[string]string{"plain": data[:test.length], "gzip": flushed(data[:test.length])} {
			got, err := Read(strings.NewReader(data))
			if err != nil || len(got) != 1 {
				t.Errorf("%s, %s: %v", name, form, err)
				continue
			}
			c := got[0].Comparison
			if c.Ranked != test.ranked || len(c.Warnings) == 0 || !strings.Contains(c.Warnings[len(c.Warnings)-1], "ends before the comparison does") {
				t.Errorf("%s, %s: %+v", name, form, c)
			}
		}
	}
}

// flushed is data compressed with gzip, without the end that makes it whole.
func flushed(data string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(data))
	z.Flush()
	return b.String()
}

// A run counts once, and no contender counts that did less than was asked for,
// be it what all of them did.
func TestReadCountsOnce(t *testing.T) {
	e := savedExperiment(nil)
	e.Runs[2] = e.Runs[5] // pool in both rounds
	if _, err := Read(strings.NewReader(lines(t, e))); err == nil || !strings.Contains(err.Error(), `a second run of "pool n=3" in round 2`) {
		t.Error(err)
	}
	e = savedExperiment(nil)
	e.Conditions.Images = 6
	if got, err := Read(strings.NewReader(lines(t, e))); err != nil || got[0].Comparison.Ranked || got[0].Comparison.Modes[0].Error != "it fetched 5 of 6 images" {
		t.Errorf("%v: %+v", err, got)
	}
}

// What a saved file says reaches no terminal but as text, and turns no line around.
func TestReadMakesHarmless(t *testing.T) {
	const evil = "x\x1b]0;title\x07\u202e\u009b2J"
	e := savedExperiment(func(r *Run) {
		r.Images[0].File = evil
		if r.Mode == downloader.Process {
			r.Mode, r.Error = evil, evil
		}
	})
	c := &e.Conditions
	c.Version, c.Preset, c.Sweep, c.Size, c.Verify, c.Machine, c.Modes[2] = evil, evil, evil, evil, evil, Machine{evil, evil, 2, evil, evil}, evil
	got, err := Read(strings.NewReader(lines(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range forms(got) {
		if shown := text(t, write); strings.ContainsAny(shown, "\x1b\x07\u202e\u009b") || !strings.Contains(shown, "]0;title") && name != "timeline" {
			t.Errorf("%s: %q", name, shown)
		}
	}
}

// forms are all that is written of experiments, but the page.
func forms(all []Experiment) map[string]func(*bytes.Buffer) error {
	return map[string]func(*bytes.Buffer) error{
		"table":    func(b *bytes.Buffer) error { return WriteTable(b, &all[0]) },
		"timeline": func(b *bytes.Buffer) error { return WriteTimeline(b, &all[0]) },
		"JSON":     func(b *bytes.Buffer) error { return WriteExperimentJSON(b, &all[0]) },
		"CSV":      func(b *bytes.Buffer) error { return WriteCSV(b, all) },
		"Markdown": func(b *bytes.Buffer) error { return WriteMarkdown(b, all) },
		"benchfmt": func(b *bytes.Buffer) error { return WriteBenchmarks(b, all) },
		"map":      func(b *bytes.Buffer) error { return WriteMap(b, all) },
		"changes": func(b *bytes.Buffer) error {
			c := Compared(all, all)
			return errors.Join(WriteChanges(b, c), WriteChangesMarkdown(b, c), WriteChangesJSON(b, c))
		},
	}
}

// Whatever a file says: if it is read, every form can be written, in time, and
// without figures that are none.
func FuzzRead(f *testing.F) {
	e := savedExperiment(nil)
	e.Runs[1].Server = &ServerFigures{Requests: 10, Connections: 2, PeakInFlight: 3, CPUSeconds: 0.1}
	var b bytes.Buffer
	if err := WriteExperimentJSON(&b, &e); err != nil {
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
		got, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		for name, write := range forms(got) {
			if shown := text(t, write); strings.Contains(shown, "NaN") || strings.ContainsRune(shown, '\x1b') {
				t.Errorf("%s: %q", name, shown)
			}
		}
	})
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
		conditions + `{"type":"run","round":2}` + "\n":                                                  "line 2: a run of round 3, of 2",
		conditions + `{"type":"run","round":9223372036854775807}` + "\n":                                "line 2: a run of round",
		conditions + `{"type":"run","cpu_seconds":1e308}` + "\n":                                        "line 2: a run with impossible figures",
		conditions + `{"type":"run","server":{"cpu_seconds":-1}}` + "\n":                                "line 2: a run with impossible figures",
		conditions + `{"type":"run","ok":1,"images":[{"sha256":"00"}]}` + "\n":                          "line 2: a run with impossible figures", // in no time
		conditions + `{"type":"run","ok":1,"seconds":1,"images":[{}]}` + "\n":                           "line 2: an image without its hash, index 0",
		conditions + `{"type":"run","seconds":-1}` + "\n":                                               "line 2: a run with impossible figures",
		conditions + `{"type":"run","workers":99999999}` + "\n":                                         "line 2: a run with impossible figures",
		conditions + `{"type":"run","ok":1,"seconds":1,"images":[{"timing":{"total":1e308}}]}` + "\n":   "line 2: an image with impossible times",
		conditions + `{"type":"run","ok":1,"seconds":1,"images":[{"worker":-1}]}` + "\n":                "line 2: an image with impossible figures",
		conditions + `{"type":"run","round":"x"}` + "\n":                                                "line 2: json:",
		`{"type":"conditions","workers":[` + strings.Repeat("1,", 5000) + `1],"modes":["pool"]}` + "\n": "line 1: a comparison of 5001",
		`{"type":"conditions","rounds":-1}` + "\n":                                                      "line 1: impossible conditions",
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
		if len(got) == 0 || !strings.Contains(got[0].Conclusion, test.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	hardly := many(func(r *Run) { r.Seconds *= 1.005 })
	for _, c := range Compared([]Experiment{before}, []Experiment{hardly})[0].List {
		if c.Different || !strings.HasPrefix(c.Verdict, "no significant difference: 0.50 % is less than the 1 %") {
			t.Errorf("%+v", c)
		}
	}
	two := Compared([]Experiment{before, before}, []Experiment{before, after, swept})
	if len(two) != 3 || !strings.Contains(two[0].Conclusion, "No difference") || !strings.Contains(two[1].Conclusion, "20.0 % less") ||
		two[2].Sweep != "n=2" || !strings.Contains(two[2].Conclusion, "The first file has no such comparison") {
		t.Errorf("two comparisons in a file: %+v", two)
	}
	for want, change := range map[string]func(*Conditions){
		"Not the same latency: 0 and 9s.":                                      func(c *Conditions) { c.Latency = 9 },
		"Not the same machine: /, 2 CPUs,  and plan9/mips, 2 CPUs Slow, go1.":  func(c *Conditions) { c.Machine = Machine{"plan9", "mips", 2, "Slow", "go1"} },
		"Not the same server: the list's own and the embedded one.":            func(c *Conditions) { c.Local = true },
		"Not the same faults: none and a01-short=5%.":                          func(c *Conditions) { c.Faults = "a01-short=5%" },
		"Not the same protocol: without -http1 and with -http1.":               func(c *Conditions) { c.HTTP1 = true },
		"Not the same care for the files: without -durable and with -durable.": func(c *Conditions) { c.Durable = true },
		"Not the same size: the list's and 20x30.":                             func(c *Conditions) { c.Size = "20x30" },
	} {
		other := many(nil)
		change(&other.Conditions)
		if got := Compared([]Experiment{before}, []Experiment{other}); len(got[0].Warnings) != 1 || got[0].Warnings[0] != want {
			t.Errorf("%q, want %q", got[0].Warnings, want)
		}
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
