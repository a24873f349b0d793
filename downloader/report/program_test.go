package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// programRun returns a run of another program that left every image.
func programRun(name string, workers, round int, elapsed time.Duration) Run {
	run := reporttest.Run(downloader.Mode(name), round, elapsed+time.Duration(round)*time.Microsecond)
	run.Workers = workers
	for i := range run.Images {
		run.Images[i].Timing = downloader.Timing{}
	}
	return run
}

// Other programs are compared with the fastest mode of as many workers, and say nothing of single
// images.
func TestPrograms(t *testing.T) {
	with := reporttest.Conditions(8)
	with.Modes, with.Workers = []downloader.Mode{downloader.Pool}, []int{2, 4}
	with.With = []Program{{Name: "fetch", Command: "fetch -j {n} {list}"}, {Name: "get", Command: "get {list}"}}
	var runs []Run
	for round := range 8 {
		for workers, elapsed := range map[int]time.Duration{2: 6 * time.Second, 4: 3 * time.Second} {
			pool := reporttest.Run(downloader.Pool, round, elapsed+time.Duration(round)*time.Microsecond)
			pool.Workers = workers
			runs = append(runs, pool, programRun("fetch", workers, round, elapsed*3/2))
		}
		run := programRun("get", 0, round, time.Second)
		run.Server = &ServerFigures{Connections: 1, PeakInFlight: 9}
		runs = append(runs, run)
	}
	c := Compare(with, runs)
	var names []string
	for i := range c.Modes {
		f := &c.Modes[i]
		names = append(names, f.Name())
		if f.Timed() == f.Contender().IsProgram() || f.Timed() != (f.Efficiency > 0) {
			t.Errorf("%+v", f)
		}
	}
	if want := []string{"pool n=2", "pool n=4", "fetch n=2", "fetch n=4", "get"}; !slices.Equal(names, want) || !c.Ranked {
		t.Errorf("contenders %q, ranked %t", names, c.Ranked)
	}
	for _, want := range []string{"pool n=2 is 1.50x as fast as fetch n=2.", "pool n=4 is 1.50x as fast as fetch n=4.", "get is 3.00x as fast as pool n=4."} {
		if !strings.Contains(c.Conclusion, want) {
			t.Errorf("%q lacks %q", c.Conclusion, want)
		}
	}
}

// A program that opens more than its name says is not called a contender of that size silently.
func TestProgramWithMoreInFlight(t *testing.T) {
	with := reporttest.Conditions(1)
	with.Modes, with.With = []downloader.Mode{downloader.Pool}, []Program{{Name: "fetch", Command: "{n} {list}"}}
	run := programRun("fetch", 3, 0, time.Second)
	run.Server = &ServerFigures{Connections: 3, PeakInFlight: 5}
	c := Compare(with, []Run{reporttest.Run(downloader.Pool, 0, time.Second), run})
	if all := strings.Join(c.Warnings, "\n"); !strings.Contains(all, "fetch n=3: the server saw 5 images in flight") {
		t.Errorf("warnings %q", all)
	}
}
