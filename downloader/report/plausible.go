package report

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"grab/downloader"
)

// What is believed of a saved file. Beyond that nothing could be drawn, or
// figures would be no numbers any more.
const (
	maxSeconds    = 1e9     // thirty years
	minSeconds    = 1e-9    // of a run that fetched anything
	maxBytes      = 1 << 53 // what a float64 counts exactly
	maxCount      = 1<<31 - 1
	maxWorkers    = 1 << 20 // or CPUs
	maxRounds     = 1 << 20
	maxContenders = 1000
)

// plausible refuses conditions of which nothing could be computed.
func (c *Conditions) plausible() error {
	if n := len(c.Modes) * max(1, len(c.Workers)); n > maxContenders {
		return fmt.Errorf("a comparison of %d contenders", n)
	}
	possible := within(maxSeconds, c.Latency, c.Jitter) && within(maxBytes, c.Bandwidth) &&
		within(maxWorkers, c.Machine.CPUs) && within(maxWorkers, c.Workers...) && within(maxRounds, c.Rounds) && within(maxCount, c.Images)
	if !possible {
		return errors.New("impossible conditions")
	}
	return nil
}

// plausible refuses a run that nothing could be drawn from, that was not asked
// for, or whose images are not all there.
func (r *Run) plausible(asked *Conditions) error {
	if r.OK != len(r.Images) {
		return fmt.Errorf("a run with %d images, of which it holds %d", r.OK, len(r.Images))
	}
	if !within(asked.Rounds, r.Round+1) && !r.Warmup {
		return fmt.Errorf("a run of round %d, of %d", r.Round+1, asked.Rounds)
	}
	possible := within(maxSeconds, r.Seconds, r.StartupSeconds, r.CPUSeconds, r.ChildCPUSeconds, r.OtherCPUSeconds) &&
		within(maxBytes, r.Bytes, r.PeakRSSBytes, r.ContextSwitches) && within(maxCount, r.Listed, r.Total, r.Failed) &&
		within(maxWorkers, r.Workers)
	if r.Seconds < minSeconds && (r.OK > 0 || r.Seconds > 0) {
		possible = false
	}
	if s := r.Server; s != nil {
		possible = possible && within(maxSeconds, s.CPUSeconds) && within(maxCount, s.Requests, s.Connections, s.PeakInFlight)
	}
	if !possible {
		return errors.New("a run with impossible figures")
	}
	for i := range r.Images {
		if err := r.Images[i].plausible(); err != nil {
			return err
		}
	}
	return nil
}

func (i *Image) plausible() error {
	for phase := range paired(&i.Timing, &i.Timing) {
		if !within(maxSeconds, *phase) {
			return fmt.Errorf("an image with impossible times, index %d", i.Index)
		}
	}
	if !within(maxSeconds, i.Start) || !within(maxWorkers, i.Worker) || !within(maxCount, i.Index, i.Width, i.Height) || !within(maxBytes, i.Bytes) {
		return fmt.Errorf("an image with impossible figures, index %d", i.Index)
	}
	if i.SHA256 == "" {
		return fmt.Errorf("an image without its hash, index %d", i.Index)
	}
	return nil
}

// within reports whether all values are from 0 to most.
func within[T int | int64 | float64](most T, values ...T) bool {
	for _, v := range values {
		if !(v >= 0 && v <= most) {
			return false
		}
	}
	return true
}

// clean makes the texts of conditions harmless.
func (c *Conditions) clean() {
	m := &c.Machine
	for _, text := range []*string{&c.Version, &c.Size, &c.Faults, &c.Verify, &c.Preset, &c.Sweep, &m.OS, &m.Arch, &m.CPU, &m.Go} {
		*text = harmless(*text)
	}
	for i, mode := range c.Modes {
		c.Modes[i] = downloader.Mode(harmless(string(mode)))
	}
}

// clean makes the texts of a run harmless.
func (r *Run) clean() {
	r.Mode, r.Error = downloader.Mode(harmless(string(r.Mode))), harmless(r.Error)
	for i := range r.Images {
		r.Images[i].File, r.Images[i].SHA256 = harmless(r.Images[i].File), harmless(r.Images[i].SHA256)
	}
}

// harmless replaces what would speak to a terminal, or turn a line around.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || strconv.IsGraphic(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}
