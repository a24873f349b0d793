package saved_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
	. "grab/downloader/report/saved"
)

// lines returns what compare -json writes for experiments.
func lines(t *testing.T, experiments ...Experiment) string {
	t.Helper()
	return reporttest.Written(t, func(b io.Writer) error {
		for i := range experiments {
			if err := Write(b, &experiments[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestRead(t *testing.T) {
	first, second := reporttest.Experiment(nil), reporttest.Broken()
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

// The comparison in a file is not trusted.
func TestReadComputesAgain(t *testing.T) {
	e := reporttest.Broken()
	e.Comparison.Ranked, e.Comparison.Modes[2].Error, e.Comparison.Modes[2].Speedup = true, "", 20
	got, err := Read(strings.NewReader(lines(t, e)))
	if err != nil || got[0].Comparison.Ranked || got[0].Comparison.Modes[2].Error == "" || got[0].Comparison.Modes[2].Speedup != 0 {
		t.Errorf("%v: %+v", err, got)
	}
}

// A file without its end is read as far as it goes, and gets a warning.
func TestReadCut(t *testing.T) {
	data := lines(t, reporttest.Experiment(nil))
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

// flushed compresses data with gzip, without the end of the stream.
func flushed(data string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(data))
	z.Flush()
	return b.String()
}

// A run counts only once. A contender that fetched less than the conditions say does not count,
// even if all contenders fetched the same.
func TestReadCountsOnce(t *testing.T) {
	e := reporttest.Experiment(nil)
	e.Runs[2] = e.Runs[5] // pool has the second round twice
	if _, err := Read(strings.NewReader(lines(t, e))); err == nil || !strings.Contains(err.Error(), `a second run of "pool n=3" in round 2`) {
		t.Error(err)
	}
	e = reporttest.Experiment(nil)
	e.Conditions.Images = 6
	if got, err := Read(strings.NewReader(lines(t, e))); err != nil || got[0].Comparison.Ranked || got[0].Comparison.Modes[0].Error != "it fetched 5 of 6 images" {
		t.Errorf("%v: %+v", err, got)
	}
}

func TestReadRefuses(t *testing.T) {
	whole := lines(t, reporttest.Experiment(nil))
	conditions := whole[:strings.Index(whole, "\n")+1]
	for data, want := range map[string]string{
		"":                                   "holds no comparison",
		"\n\n":                               "holds no comparison",
		"hello\n":                            "line 1: not a line of grab compare -json",
		"\xff\xd8\xff\xe0":                   "line 1: not a line",
		`{"type":"result","index":0}` + "\n": "line 1: from a download",
		`{"index":0,"line":1}` + "\n":        "holds no comparison",
		`{"type":"run"}` + "\n":              "line 1: a run before any conditions",
		`{"type":"comparison"}` + "\n":       "line 1: a comparison before any conditions",
		conditions + "{\n" + whole:           "line 2: not a line",
		conditions + `{"type":"run","ok":2}` + "\n":                                                     "line 2: a run that fetched 2 images, but holds 0",
		conditions + `{"type":"run","round":2}` + "\n":                                                  "line 2: a run of round 3 of 2",
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
