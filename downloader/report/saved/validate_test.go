package saved

import (
	"math"
	"slices"
	"testing"

	"grab/downloader"
	. "grab/downloader/report"
)

// TestLimits sets one figure after the other to its limit, and beyond.
func TestLimits(t *testing.T) {
	if maxCount != math.MaxInt32 || maxWorkers != 1_048_576 || maxRounds != maxWorkers || maxContenders != 200 {
		t.Error("a limit has changed")
	}
	pool := []downloader.Mode{downloader.Pool}
	conditions := func(change func(*Conditions)) error {
		c := Conditions{Modes: pool, Rounds: 2}
		change(&c)
		return validateConditions(&c)
	}
	run := func(change func(*Run)) error {
		r := Run{Seconds: 1, OK: 1, Images: []Image{{SHA256: "00"}}}
		change(&r)
		return validateRun(&r, &Conditions{Rounds: 2})
	}
	image := func(change func(*Image)) error {
		i := Image{SHA256: "00"}
		change(&i)
		return run(func(r *Run) { r.Images[0] = i })
	}
	times := func(v float64) []error {
		return []error{
			conditions(func(c *Conditions) { c.Latency = v }), conditions(func(c *Conditions) { c.Jitter = v }),
			run(func(r *Run) { r.Seconds = v + minSeconds }), run(func(r *Run) { r.StartupSeconds = v }), run(func(r *Run) { r.CPUSeconds = v }),
			run(func(r *Run) { r.ChildCPUSeconds = v }), run(func(r *Run) { r.OtherCPUSeconds = v }), run(func(r *Run) { r.Server = &ServerFigures{CPUSeconds: v} }),
			image(func(i *Image) { i.Start = v }), image(func(i *Image) { i.Timing.DNS = v }), image(func(i *Image) { i.Timing.Total = v }), image(func(i *Image) { i.Timing.Queue = v }),
		}
	}
	bytes := func(v int64) []error {
		return []error{
			conditions(func(c *Conditions) { c.Bandwidth = v }), run(func(r *Run) { r.Bytes = v }), run(func(r *Run) { r.PeakRSSBytes = v }),
			run(func(r *Run) { r.ContextSwitches = v }), image(func(i *Image) { i.Bytes = v }),
		}
	}
	counts := func(v int) []error {
		return []error{
			conditions(func(c *Conditions) { c.Images = v }), run(func(r *Run) { r.Listed = v }), run(func(r *Run) { r.Total = v }), run(func(r *Run) { r.Failed = v }),
			run(func(r *Run) { r.Server = &ServerFigures{Requests: v} }), run(func(r *Run) { r.Server = &ServerFigures{Connections: v} }), run(func(r *Run) { r.Server = &ServerFigures{PeakInFlight: v} }),
			image(func(i *Image) { i.Index = v }), image(func(i *Image) { i.Width = v }), image(func(i *Image) { i.Height = v }),
		}
	}
	workers := func(v int) []error {
		return []error{
			conditions(func(c *Conditions) { c.Machine.CPUs = v }), conditions(func(c *Conditions) { c.Workers = []int{1, v} }), run(func(r *Run) { r.Workers = v }),
			image(func(i *Image) { i.Worker = v }),
		}
	}
	for name, all := range map[string][]error{
		"times": times(maxSeconds / 2), "no time": times(0), "bytes": bytes(maxBytes), "no bytes": bytes(0), "counts": counts(maxCount), "no counts": counts(0),
		"workers": workers(maxWorkers), "no workers": workers(0),
		"others": {
			conditions(func(c *Conditions) { c.Rounds = maxRounds }), conditions(func(c *Conditions) { c.Modes = slices.Repeat(pool, maxContenders) }),
			run(func(r *Run) { r.Round = 1 }), run(func(r *Run) { r.Round, r.Warmup = 9, true }), run(func(r *Run) { r.OK, r.Images, r.Seconds = 0, nil, 0 }),
		},
	} {
		for i, err := range all {
			if err != nil {
				t.Errorf("%s, %d: %v", name, i, err)
			}
		}
	}
	for name, all := range map[string][]error{
		"times": times(2 * maxSeconds), "negative times": times(-1), "no times": times(math.NaN()), "bytes": bytes(maxBytes + 1), "negative bytes": bytes(-1),
		"counts": counts(maxCount + 1), "negative counts": counts(-1), "workers": workers(maxWorkers + 1), "negative workers": workers(-1),
		"others": {
			conditions(func(c *Conditions) { c.Rounds = maxRounds + 1 }), conditions(func(c *Conditions) { c.Modes = slices.Repeat(pool, maxContenders+1) }),
			conditions(func(c *Conditions) { c.Modes, c.Workers = slices.Repeat(pool, maxContenders/2), []int{1, 2, 3} }),
			run(func(r *Run) { r.Round = 2 }), run(func(r *Run) { r.OK = 2 }), run(func(r *Run) { r.OK, r.Images, r.Seconds = 0, nil, minSeconds/2 }), run(func(r *Run) { r.Seconds = 0 }),
			image(func(i *Image) { i.SHA256 = "" }),
		},
	} {
		for i, err := range all {
			if err == nil {
				t.Errorf("%s, %d: accepted", name, i)
			}
		}
	}
}
