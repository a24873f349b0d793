package report

import (
	"fmt"
	"testing"

	"grab/downloader"
)

// TestFigures computes the figures of three runs, whose median is the second in each.
func TestFigures(t *testing.T) {
	run := func(round int, by int) Run {
		f := float64(by)
		r := Run{Mode: downloader.Pool, Workers: 2, Round: round, Total: 4, OK: 2, Failed: 2, Bytes: 100 * int64(by), Seconds: f, StartupSeconds: f / 4, CPUSeconds: f / 2, ChildCPUSeconds: f / 8,
			PeakRSSBytes: 1000 * int64(by), ContextSwitches: 10 * int64(by), Server: &ServerFigures{Connections: 5 * by, PeakInFlight: 6 * by, CPUSeconds: 7 * f}}
		for i := range 2 {
			r.Images = append(r.Images, Image{Index: i, SHA256: "x", Timing: downloader.Timing{DNS: f / 16, Body: f / 2, Total: f * float64(i+1) / 2}})
		}
		return r
	}
	e := []Run{run(0, 4), run(1, 2), run(2, 8)}
	c := Compare(Conditions{Rounds: 3, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{2}, Machine: Machine{CPUs: 4}, Images: 2}, e)
	f := c.Modes[0]
	if got, want := fmt.Sprint(f.OK, f.Failed, f.Seconds, f.CPUSeconds, f.ChildCPUSeconds, f.PeakRSSBytes, f.ContextSwitches, f.Connections, f.PeakInFlight, f.ServerCPU, f.StartupSeconds)+f.Error,
		"2 2 [4 2 8] 2 0.5 4000 40 20 24 28 1it fetched 2 of 4 images"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for i := range e {
		e[i].Total, e[i].Failed = 2, 0
	}
	c = Compare(Conditions{Rounds: 3, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{2}, Machine: Machine{CPUs: 4}, Images: 2}, e)
	f = c.Modes[0]
	if got, want := fmt.Sprint(f.Median, f.Low, f.High, f.Confidence, f.Min, f.Max, f.ImagesPerSecond, f.CPUShare, f.WaitShare, f.Latency, f.Phases.Body*3, f.Phases.DNS*48), "4 2 8 0 2 8 0.5 0.125 0.75 {2 8 8 8} 7 14"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestFastest names the fastest contender, with those that do not differ from it.
func TestFastest(t *testing.T) {
	modes := []Figures{{Mode: downloader.Pool, Workers: 3, Median: 2}, {Mode: downloader.Process, Workers: 3, Median: 1}, {Mode: downloader.Sequential, Workers: 1, Median: 4}}
	pool, process, sequential := modes[0].Name(), modes[1].Name(), modes[2].Name()
	for _, c := range []struct {
		ranked bool
		pairs  []Difference
		want   string
	}{
		{false, nil, "-"},
		{true, []Difference{{A: pool, B: process, TooFew: true}, {A: process, B: sequential, TooFew: true}}, "too few rounds to tell"},
		{true, []Difference{{A: pool, B: process, Different: true}, {A: process, B: sequential, Different: true}, {A: pool, B: sequential}}, process},
		{true, []Difference{{A: pool, B: process}, {A: process, B: sequential, Different: true}}, process + " or " + pool},
		{true, []Difference{{A: pool, B: process}, {A: process, B: sequential}}, process + " or " + pool + " or " + sequential},
	} {
		comparison := Comparison{Ranked: c.ranked, Modes: modes, Differences: c.pairs}
		if got := comparison.Fastest(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.pairs, got, c.want)
		}
	}
}
