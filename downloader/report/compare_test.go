package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
	"grab/downloader/report/saved"
	"grab/downloader/report/text"
)

// lastLine returns the last line of data.
func lastLine(data []byte) []byte {
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	return lines[len(lines)-1]
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestCompareRanks(t *testing.T) {
	c := Compare(reporttest.Conditions(2), reporttest.Runs())
	if !c.Ranked || !c.Identical || c.Images != 5 || c.Rounds != 2 || len(c.Modes) != 3 {
		t.Fatalf("%+v", c)
	}
	for i, want := range []Figures{
		{Mode: downloader.Sequential, Workers: 1, Median: 9.25, Ideal: 9.25, Speedup: 1},
		{Mode: downloader.Pool, Workers: 3, Median: 3.7, Ideal: 3.7, Speedup: 2.5},
		{Mode: downloader.Process, Workers: 3, Median: 3.7, Ideal: 3.7, Speedup: 2.5},
	} {
		m := c.Modes[i]
		if m.Mode != want.Mode || m.Workers != want.Workers || m.OK != 5 || m.Failed != 0 || m.Bytes != 5000 || len(m.Seconds) != 2 || m.Error != "" ||
			!near(m.Median, want.Median) || !near(m.Ideal, want.Ideal) || !near(m.Speedup, want.Speedup) ||
			!near(m.CPUSeconds, 0.05) || m.PeakRSSBytes != 8<<20 || !near(m.StartupSeconds, 0.02) {
			t.Errorf("%+v, want %+v", m, want)
		}
	}
}

// Nothing is ranked if any run of any mode did not fetch everything. The table says so, and no
// figure of a contender that failed is a time.
func TestCompareRefuses(t *testing.T) {
	const failed = "line 5, https://x/status/404: http-4xx: 404 Not Found"
	for name, spoil := range map[string]func(runs []Run) []Run{
		"one image failed in one round": func(runs []Run) []Run {
			runs[4].OK, runs[4].Failed, runs[4].Images, runs[4].Error = 4, 1, runs[4].Images[:4], failed
			return runs
		},
		"one image failed in all runs": func(runs []Run) []Run {
			for i := range runs {
				runs[i].OK, runs[i].Failed, runs[i].Images, runs[i].Error = 4, 1, runs[i].Images[:4], failed
			}
			return runs
		},
		"an image was interrupted": func(runs []Run) []Run {
			runs[1].OK, runs[1].Failed, runs[1].Images, runs[1].Error = 4, 1, runs[1].Images[:4], "canceled: interrupted"
			return runs
		},
		"a mode did not run":             func(runs []Run) []Run { return append(runs[:2:2], runs[3:5]...) },
		"a mode missed its second round": func(runs []Run) []Run { return runs[:5] },
		"other bytes": func(runs []Run) []Run {
			runs[5].Images[2].SHA256 = "another hash"
			return runs
		},
		"a run that broke at once, in no time": func(runs []Run) []Run {
			runs[2] = Run{Mode: downloader.Process, Workers: 3, Seconds: 0.45, Error: "the workers died"}
			return runs
		},
		"a run that broke after the last image": func(runs []Run) []Run {
			runs[2].Error = "the disk is full"
			return runs
		},
		"no images": func(runs []Run) []Run {
			for i := range runs {
				runs[i].Total, runs[i].OK, runs[i].Images = 0, 0, nil
			}
			return runs
		},
		"no images in one mode": func(runs []Run) []Run {
			runs[2].Total, runs[2].OK, runs[2].Images = 0, 0, nil
			return runs
		},
		"no runs": func([]Run) []Run { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			c := Compare(reporttest.Conditions(2), spoil(reporttest.Runs()))
			if c.Ranked {
				t.Fatal("ranked")
			}
			for _, m := range c.Modes {
				if m.Speedup != 0 {
					t.Errorf("%s has a speed-up of %v", m.Mode, m.Speedup)
				}
				if data, err := json.Marshal(m); err != nil || m.Error != "" && regexp.MustCompile(`(median|min|max|low|high|ideal)_seconds|per_second`).Match(data) {
					t.Errorf("%v: %s failed and has a time: %s", err, m.Mode, data)
				}
			}
			var table bytes.Buffer
			if err := text.WriteTable(&table, &Experiment{Comparison: c}); err != nil {
				t.Fatal(err)
			}
			if text := table.String(); !strings.Contains(text, "nothing is ranked") || regexp.MustCompile(`\dx\b`).MatchString(text) ||
				strings.Contains(text, "All modes fetched the same bytes") {
				t.Errorf("the table ranks:\n%s", text)
			}
			if text := table.String(); name != "other bytes" && strings.Contains(text, "did not fetch the same bytes") {
				t.Errorf("the table blames the bytes:\n%s", text)
			}
		})
	}
}

// Different bytes are reported as such: Identical is false. The table mentions them only if every
// run was complete.
func TestCompareIdentical(t *testing.T) {
	runs := reporttest.Runs()
	runs[5].Images[2].SHA256 = "another hash"
	c := Compare(reporttest.Conditions(2), runs)
	if c.Identical {
		t.Error("identical, with another hash")
	}
	var table bytes.Buffer
	if err := text.WriteTable(&table, &Experiment{Comparison: c}); err != nil || !strings.Contains(table.String(), "did not fetch the same bytes") {
		t.Errorf("%v:\n%s", err, &table)
	}
	runs = reporttest.Runs()
	runs[5].Images[4].Index = 7 // as many images, but another one
	if c := Compare(reporttest.Conditions(2), runs); c.Identical {
		t.Error("identical, with other images")
	}
}

// A mode whose workers died must not show a time that could pass for its result: that is how the
// experiment's notebook got its 0.45 s.
func TestBrokenModeShowsNoTime(t *testing.T) {
	runs := reporttest.Runs()[:3]
	runs[2] = Run{Mode: downloader.Process, Workers: 3, Seconds: 0.45, Error: "start the workers: the worker process ended: exit status 1"}
	c := Compare(reporttest.Conditions(2), runs)
	var table, data bytes.Buffer
	if err := text.WriteTable(&table, &Experiment{Comparison: c}); err != nil {
		t.Fatal(err)
	}
	if err := saved.Write(&data, &Experiment{Comparison: c}); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^ +process +3 +0/5 +FAILED `).MatchString(table.String()) || strings.Contains(table.String(), "0.450") ||
		!strings.Contains(table.String(), "exit status 1") {
		t.Errorf("the table:\n%s", &table)
	}
	var got struct {
		Ranked bool
		Modes  []struct{ Mode, Error string }
	}
	if err := json.Unmarshal(lastLine(data.Bytes()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Ranked || got.Modes[2].Mode != "process" || !strings.Contains(got.Modes[2].Error, "exit status 1") || got.Modes[1].Error != "" {
		t.Errorf("the data: %s", &data)
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{[]float64{2}, 2}, {[]float64{3, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}, {[]float64{9, 1}, 5}} {
		var runs []Run
		for round, seconds := range test.values {
			runs = append(runs, reporttest.Run(downloader.Sequential, round, time.Duration(seconds*float64(time.Second))))
		}
		m := Compare(Conditions{Rounds: len(runs), Modes: downloader.Modes()[:1]}, runs).Modes[0]
		if !near(m.Median, test.want) || !slices.Equal(m.Seconds, test.values) || m.Min != slices.Min(test.values) || m.Max != slices.Max(test.values) {
			t.Errorf("median of %v: %+v", test.values, m)
		}
	}
}

// OK, Failed and Bytes are those of a mode's worst round.
func TestWorstRound(t *testing.T) {
	runs := reporttest.Runs()
	runs[4].OK, runs[4].Failed, runs[4].Bytes = 3, 2, 3000
	m := Compare(reporttest.Conditions(2), runs).Modes[1]
	if m.OK != 3 || m.Failed != 2 || m.Bytes != 3000 {
		t.Errorf("%+v", m)
	}
}
