package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"grab/downloader"
)

// bytesOf is the hash that all modes have for an image here.
func bytesOf(index int) string { return fmt.Sprintf("hash %d", index) }

// good is a run that fetched five images of a time each.
func good(mode downloader.Mode, round int, elapsed time.Duration) Run {
	run := Run{Round: round, Summary: downloader.Summary{
		Mode: mode, Workers: 3, Total: 5, OK: 5, Bytes: 5000, Elapsed: elapsed, Startup: 20 * time.Millisecond,
		Usage: downloader.Usage{CPU: 50 * time.Millisecond, PeakRSS: 8 << 20},
	}}
	if mode == downloader.Sequential {
		run.Summary.Workers = 1
	}
	for i := range 5 {
		run.Observe(downloader.Result{Item: downloader.Item{Index: i}, Status: downloader.StatusOK,
			SHA256: bytesOf(i), Timing: downloader.Timing{Total: 1.85}})
	}
	return run
}

// experiment is the comparison of EXPERIMENT.md: two rounds of every mode.
func experiment() []Run {
	var runs []Run
	for round := range 2 {
		runs = append(runs,
			good(downloader.Sequential, round, 9250*time.Millisecond),
			good(downloader.Pool, round, 3700*time.Millisecond),
			good(downloader.Process, round, 3700*time.Millisecond))
	}
	return runs
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestCompareRanks(t *testing.T) {
	c := Compare(downloader.Modes(), 2, experiment())
	if !c.Ranked || !c.Identical || c.Images != 5 || c.Rounds != 2 || len(c.Modes) != 3 {
		t.Fatalf("%+v", c)
	}
	for i, want := range []ModeFigures{
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

// Nothing is ranked when any run of any mode did not do the whole work, and
// every form of the report says so.
func TestCompareRefuses(t *testing.T) {
	failed := downloader.Result{Item: downloader.Item{Index: 4, Line: 5, URL: "https://x/status/404"},
		Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, Error: "404 Not Found"}
	for name, spoil := range map[string]func(runs []Run) []Run{
		"one image failed in one round": func(runs []Run) []Run {
			runs[4].Summary.OK, runs[4].Summary.Failed = 4, 1
			delete(runs[4].Images, 4)
			runs[4].Observe(failed)
			return runs
		},
		"one image failed in all runs": func(runs []Run) []Run {
			for i := range runs {
				runs[i].Summary.OK, runs[i].Summary.Failed = 4, 1
				delete(runs[i].Images, 4)
				runs[i].Observe(failed)
			}
			return runs
		},
		"an image was interrupted": func(runs []Run) []Run {
			runs[1].Summary.OK, runs[1].Summary.Canceled = 4, 1
			delete(runs[1].Images, 4)
			runs[1].Observe(downloader.Result{Item: failed.Item, Status: downloader.StatusCanceled, Class: downloader.ClassCanceled, Error: "interrupted"})
			return runs
		},
		"a mode did not run":             func(runs []Run) []Run { return append(runs[:2:2], runs[3:5]...) },
		"a mode missed its second round": func(runs []Run) []Run { return runs[:5] },
		"other bytes": func(runs []Run) []Run {
			runs[5].Images[2] = Image{"another hash", 1.85}
			return runs
		},
		"a run that broke at once, in no time": func(runs []Run) []Run {
			runs[2] = Run{Summary: downloader.Summary{Mode: downloader.Process, Workers: 3, Elapsed: 450 * time.Millisecond}, Failed: "the workers died"}
			return runs
		},
		"a run that broke after the last image": func(runs []Run) []Run {
			runs[2].Failed = "the disk is full"
			return runs
		},
		"no images": func(runs []Run) []Run {
			for i := range runs {
				runs[i].Summary.Total, runs[i].Summary.OK, runs[i].Images = 0, 0, nil
			}
			return runs
		},
		"no images in one mode": func(runs []Run) []Run {
			runs[2].Summary.Total, runs[2].Summary.OK, runs[2].Images = 0, 0, nil
			return runs
		},
		"no runs": func([]Run) []Run { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			c := Compare(downloader.Modes(), 2, spoil(experiment()))
			if c.Ranked {
				t.Fatal("ranked")
			}
			for _, m := range c.Modes {
				if m.Speedup != 0 {
					t.Errorf("%s has a speed-up of %v", m.Mode, m.Speedup)
				}
			}
			var table bytes.Buffer
			if err := WriteTable(&table, c); err != nil {
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

// Other bytes are a finding of their own: identical says false, and only then
// may it be said when every run was complete.
func TestCompareIdentical(t *testing.T) {
	runs := experiment()
	runs[5].Images[2] = Image{"another hash", 1.85}
	c := Compare(downloader.Modes(), 2, runs)
	if c.Identical {
		t.Error("identical, with another hash")
	}
	var table bytes.Buffer
	if err := WriteTable(&table, c); err != nil || !strings.Contains(table.String(), "did not fetch the same bytes") {
		t.Errorf("%v:\n%s", err, &table)
	}
	runs = experiment()
	delete(runs[5].Images, 2)
	runs[5].Images[7] = Image{bytesOf(2), 1.85} // as many, but others
	if c := Compare(downloader.Modes(), 2, runs); c.Identical {
		t.Error("identical, with other images")
	}
}

// A mode whose workers died must never show a time that could pass for its
// result: that is how the experiment's notebook got its 0.45 s.
func TestBrokenModeShowsNoTime(t *testing.T) {
	runs := experiment()[:3]
	runs[2] = Run{Summary: downloader.Summary{Mode: downloader.Process, Workers: 3, Elapsed: 450 * time.Millisecond},
		Failed: "start the workers: the worker process ended: exit status 1"}
	c := Compare(downloader.Modes(), 2, runs)
	var table, data bytes.Buffer
	if err := WriteTable(&table, c); err != nil {
		t.Fatal(err)
	}
	if err := WriteComparisonJSON(&data, c); err != nil {
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
	if err := json.Unmarshal(data.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Ranked || got.Modes[2].Mode != "process" || !strings.Contains(got.Modes[2].Error, "exit status 1") || got.Modes[1].Error != "" {
		t.Errorf("the data: %s", &data)
	}
}

func TestIdealIsListScheduling(t *testing.T) {
	for _, test := range []struct {
		workers int
		times   []float64
		want    float64
	}{
		{3, []float64{1.85, 1.85, 1.85, 1.85, 1.85}, 3.7},
		{1, []float64{1.85, 1.85, 1.85, 1.85, 1.85}, 9.25},
		{5, []float64{1.85, 1.85, 1.85, 1.85, 1.85}, 1.85},
		{100, []float64{1, 2, 3}, 3},
		{2, []float64{1, 1, 4}, 5}, // in the list's order, not the best one
		{2, []float64{4, 1, 1, 1, 1}, 4},
		{2, nil, 0},
		{0, []float64{1, 1}, 2},
	} {
		run := Run{Summary: downloader.Summary{Workers: test.workers}}
		for i, seconds := range test.times {
			run.Observe(downloader.Result{Item: downloader.Item{Index: i}, Status: downloader.StatusOK, Timing: downloader.Timing{Total: seconds}})
		}
		if got := run.ideal().Seconds(); !near(got, test.want) {
			t.Errorf("%v on %d workers: %v s, want %v s", test.times, test.workers, got, test.want)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{[]float64{2}, 2}, {[]float64{3, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}, {[]float64{9, 1}, 5}} {
		given := fmt.Sprint(test.values)
		if got := median(test.values); got != test.want || fmt.Sprint(test.values) != given {
			t.Errorf("median(%s) = %v, want %v; left as %v", given, got, test.want, test.values)
		}
	}
	runs := []Run{good(downloader.Sequential, 0, 3*time.Second), good(downloader.Sequential, 1, time.Second), good(downloader.Sequential, 2, 8*time.Second)}
	m := Compare([]downloader.Mode{downloader.Sequential}, 3, runs).Modes[0]
	if m.Median != 3 || m.Min != 1 || m.Max != 8 || fmt.Sprint(m.Seconds) != "[3 1 8]" {
		t.Errorf("%+v", m)
	}
}

// The worst round of a mode is the one that counts.
func TestWorstRound(t *testing.T) {
	runs := experiment()
	runs[4].Summary.OK, runs[4].Summary.Failed, runs[4].Summary.Canceled, runs[4].Summary.Bytes = 3, 1, 1, 3000
	m := Compare(downloader.Modes(), 2, runs).Modes[1]
	if m.OK != 3 || m.Failed != 2 || m.Bytes != 3000 {
		t.Errorf("%+v", m)
	}
}
