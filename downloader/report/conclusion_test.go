package report_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// rounds returns the runs of an experiment with the given times of each mode, which vary by a
// microsecond from round to round.
func rounds(n int, sequential, pool, process time.Duration) []Run {
	var runs []Run
	for round := range n {
		vary := time.Duration(1000+round) * time.Microsecond
		runs = append(runs, reporttest.Run(downloader.Sequential, round, sequential+vary), reporttest.Run(downloader.Pool, round, pool+vary),
			reporttest.Run(downloader.Process, round, process+vary))
		runs[len(runs)-1].PeakRSSBytes = 27 << 20
	}
	return runs
}

// The conclusion of the notebook's experiment, if its workers had not died.
func TestConclusion(t *testing.T) {
	with := reporttest.Conditions(6)
	with.Preset = "picsum"
	c := Compare(with, rounds(6, 9250*time.Millisecond, 3710*time.Millisecond, 3711*time.Millisecond))
	want := "With 3 workers (pool) the list is done 2.49x as fast as one after another. " +
		"process n=3 gains nothing over pool n=3 (no significant difference: 0.03 % is less than the 1 % that count (p = 0.006)) and takes 3.4x the memory. " +
		"100 % of the workers' time was waiting: more workers can help."
	if c.Conclusion != want {
		t.Errorf("got  %s\nwant %s", c.Conclusion, want)
	}
	if len(c.Warnings) > 0 {
		t.Errorf("warnings %q", c.Warnings)
	}
	var holds []bool
	for _, claim := range c.Claims {
		holds = append(holds, claim.Holds)
	}
	if !slices.Equal(holds, []bool{true, true, true, false, false}) {
		t.Errorf("claims %+v", c.Claims)
	}
}

// Each preset makes its claims about the contenders that there are.
func TestClaims(t *testing.T) {
	const enough = 15 // rounds, for so many contenders
	workers := []int{1, 2, 3, 8, 16, 100}
	var runs []Run
	for mode, seconds := range map[downloader.Mode][]float64{
		downloader.Sequential: {9.45}, downloader.Pool: {9, 5, 3.61, 3, 2, 1.04}, downloader.Process: {9, 4, 0.45, 3, 0.5, 1},
	} {
		for i, took := range seconds {
			for round := range enough {
				run := reporttest.Run(mode, round, time.Duration(took*1e9)+time.Duration(1000+round)*time.Microsecond)
				run.Workers = workers[i]
				runs = append(runs, run)
			}
		}
	}
	for preset, want := range map[string][]bool{
		"picsum": {true, true, true, true, true}, "waves": {true, true}, "cpu": {true, true, true}, "many": {true, true}, "": nil,
	} {
		with := reporttest.Conditions(enough)
		with.Workers, with.Preset = workers, preset
		runs := slices.Clone(runs)
		for i := range runs {
			if r := &runs[i]; preset == "waves" && r.Mode == downloader.Pool && r.Workers == 3 {
				r.Seconds = 35.6 // within the margin of 34 s
			}
		}
		var holds []bool
		c := Compare(with, runs)
		for _, claim := range c.Claims {
			holds = append(holds, claim.Holds)
		}
		if !slices.Equal(holds, want) {
			t.Errorf("%q: %+v", preset, c.Claims)
		}
	}
}

// A conclusion says no more than the runs show.
func TestConclusionIsCareful(t *testing.T) {
	for name, test := range map[string]struct {
		runs func() []Run
		has  string // regular expressions
		not  string
	}{
		"too few rounds": {func() []Run { return rounds(3, 9*time.Second, 3*time.Second, 3*time.Second) },
			`^Too few rounds to tell`, `as fast as|nothing over|Nothing is ranked`},
		"slower processes": {func() []Run { return rounds(6, 9*time.Second, 3*time.Second, 4*time.Second) },
			`process n=3 is slower than pool n=3: 1\.33x the time, and 3\.4x the memory`, `gains nothing`},
		"faster processes": {func() []Run { return rounds(6, 9*time.Second, 3*time.Second, 2*time.Second) },
			`process n=3 is faster than pool n=3: 0\.67x the time, for 3\.4x the memory`, `gains nothing`},
		"far apart, but not significantly": {func() []Run {
			runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
			for i := range runs {
				if runs[i].Mode == downloader.Process {
					runs[i].Seconds = 2 + 0.8*float64(runs[i].Round)
				}
			}
			return runs
		}, `process n=3 is neither clearly faster nor clearly slower than pool n=3`, `gains nothing`},
		"nothing gained": {func() []Run { return rounds(6, time.Second, 3*time.Second, 4*time.Second) },
			`^Nothing was faster than one after another`, `as fast as`},
		"busy cores": {func() []Run {
			runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
			for i := range runs {
				runs[i].CPUSeconds = 1.9 * runs[i].Seconds
			}
			return runs
		}, `the cores, not the workers, are the limit`, `more workers can help`},
		"numbers of workers alone": {func() []Run {
			runs := rounds(6, 9*time.Second, 9*time.Second, 3*time.Second)
			for i := range runs {
				if runs[i].Mode == downloader.Process {
					runs[i].Mode, runs[i].Workers = downloader.Pool, 4
				}
			}
			return slices.DeleteFunc(runs, func(r Run) bool { return r.Mode == downloader.Sequential })
		}, `^pool n=4 is 3\.00x as fast as pool n=3\. `, `after another`},
		"more workers, and no less time": {func() []Run {
			runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
			for i := range runs {
				if runs[i].Mode == downloader.Process {
					runs[i].Mode, runs[i].Workers = downloader.Pool, 4
				}
			}
			return runs
		}, `More than 3 workers, up to 4, made no significant difference\. [0-9]+ % of the workers' time was waiting\.$`, `can help`},
		"a busy server": {func() []Run {
			runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
			for i := range runs {
				runs[i].CPUSeconds = 0.3 * runs[i].Seconds
				runs[i].Server = &ServerFigures{CPUSeconds: 1.6 * runs[i].Seconds}
			}
			return runs
		}, `embedded server included: the cores`, `more workers can help`},
		"a failure": {func() []Run {
			runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
			runs[17].Error, runs[17].OK = "the workers died", 0
			return runs
		}, `^Nothing is ranked: process n=3 failed \(the workers died\)\.$`, `as fast as|waiting|memory`},
		"other bytes": {func() []Run {
			runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
			runs[17].Images[0].SHA256 = "another"
			return runs
		}, `^Nothing is ranked: the modes did not fetch the same bytes\.$`, `as fast as|waiting|memory`},
	} {
		t.Run(name, func(t *testing.T) {
			runs := test.runs()
			with := reporttest.Conditions(runs[len(runs)-1].Round + 1)
			with.Preset = "picsum"
			if slices.ContainsFunc(runs, func(r Run) bool { return r.Workers == 4 }) {
				with.Modes, with.Workers = []downloader.Mode{downloader.Sequential, downloader.Pool}, []int{3, 4}
				if runs[0].Mode != downloader.Sequential {
					with.Modes = with.Modes[1:]
				}
			}
			c := Compare(with, runs)
			if !regexp.MustCompile(test.has).MatchString(c.Conclusion) || regexp.MustCompile(test.not).MatchString(c.Conclusion) {
				t.Error(c.Conclusion)
			}
			if !c.Ranked && (len(c.Claims) > 0 || len(c.Differences) > 0) {
				t.Errorf("%+v %+v", c.Claims, c.Differences)
			}
		})
	}
}

// Warnings name what could distort the figures.
func TestWarnings(t *testing.T) {
	change := func(change func(*Run)) []Run {
		runs := rounds(6, 9*time.Second, 3*time.Second, 3*time.Second)
		for i := range runs {
			change(&runs[i])
		}
		return runs
	}
	for want, runs := range map[string][]Run{
		"other programs took 50 % of its processors":         change(func(r *Run) { r.OtherCPUSeconds = r.Seconds }),
		"pool n=3: the first round was slower":               change(func(r *Run) { r.Seconds += map[bool]float64{true: 2}[r.Mode == "pool" && r.Round == 0] }),
		"pool n=3: each round was slower":                    change(func(r *Run) { r.Seconds *= 1 + 0.02*float64(r.Round) }),
		"pool n=3: each round was faster":                    change(func(r *Run) { r.Seconds *= 1 - 0.02*float64(r.Round) }),
		"pool n=3: the rounds lie far apart":                 change(func(r *Run) { r.Seconds *= 1 + 0.3*float64(r.Round%2) }),
		"pool n=3: the server saw at most 2 images in fligh": change(func(r *Run) { r.Server = &ServerFigures{Connections: 3, PeakInFlight: 2} }),
		"The warm-up of pool n=3 failed: 404.": append(rounds(6, 9*time.Second, 3*time.Second, 3*time.Second),
			Run{Mode: downloader.Pool, Workers: 3, Warmup: true, Error: "404"}),
		"With 2 rounds and 3 pairs":                             reporttest.Runs(),
		"With 2 rounds there is no interval of 95 % confidence": reporttest.Runs(),
	} {
		with := reporttest.Conditions(runs[len(runs)-1].Round + 1)
		if strings.Contains(want, "warm-up") {
			with.Rounds = 6
		}
		with.Latency = 1
		c := Compare(with, runs)
		if !c.Ranked || !slices.ContainsFunc(c.Warnings, func(w string) bool { return strings.Contains(w, want) }) {
			t.Errorf("no %q in %q (ranked: %v)", want, c.Warnings, c.Ranked)
		}
	}
}
