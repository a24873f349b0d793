package saved

import (
	"errors"
	"fmt"

	"grab/downloader/report"
)

// Limits of what is accepted from a saved file. Beyond them nothing could be drawn, or figures
// would become infinite or NaN.
const (
	maxSeconds    = 1e9     // thirty years
	minSeconds    = 1e-9    // of a run that fetched anything
	maxBytes      = 1 << 53 // a float64 counts exactly up to here
	maxCount      = 1<<31 - 1
	maxWorkers    = 1 << 20 // also of CPUs
	maxRounds     = 1 << 20
	maxContenders = 200 // the page grows with the square
)

// validateConditions rejects conditions from which nothing could be computed.
func validateConditions(c *report.Conditions) error {
	if n := (len(c.Modes) + len(c.With)) * max(1, len(c.Workers)); n > maxContenders {
		return fmt.Errorf("a comparison of %d contenders", n)
	}
	possible := inRange(maxSeconds, c.Latency, c.Jitter) && inRange(maxBytes, c.Bandwidth) &&
		inRange(maxWorkers, c.Machine.CPUs) && inRange(maxWorkers, c.Workers...) &&
		inRange(maxRounds, c.Rounds) && inRange(maxCount, c.Images)
	if !possible {
		return errors.New("impossible conditions")
	}
	return nil
}

// validateRun rejects a run that has impossible figures, that lies outside the requested rounds, or
// whose images are incomplete.
func validateRun(r *report.Run, conditions *report.Conditions) error {
	if r.OK != len(r.Images) {
		return fmt.Errorf("a run that fetched %d images, but holds %d", r.OK, len(r.Images))
	}
	if !inRange(conditions.Rounds, r.Round+1) && !r.Warmup {
		return fmt.Errorf("a run of round %d of %d", r.Round+1, conditions.Rounds)
	}
	possible := inRange(maxSeconds, r.Seconds, r.StartupSeconds, r.CPUSeconds, r.ChildCPUSeconds, r.OtherCPUSeconds) &&
		inRange(maxBytes, r.Bytes, r.PeakRSSBytes, r.ContextSwitches) && inRange(maxCount, r.Listed, r.Total, r.Failed) &&
		inRange(maxWorkers, r.Workers)
	if r.Seconds < minSeconds && (r.OK > 0 || r.Seconds > 0) {
		possible = false
	}
	if s := r.Server; s != nil {
		possible = possible && inRange(maxSeconds, s.CPUSeconds) && inRange(maxCount, s.Requests, s.Connections, s.PeakInFlight)
	}
	if !possible {
		return errors.New("a run with impossible figures")
	}
	for i := range r.Images {
		if err := validateImage(&r.Images[i]); err != nil {
			return err
		}
	}
	return nil
}

func validateImage(i *report.Image) error {
	for phase := range report.PhasePairs(&i.Timing, &i.Timing) {
		if !inRange(maxSeconds, *phase) {
			return fmt.Errorf("an image with impossible times, index %d", i.Index)
		}
	}
	if !inRange(maxSeconds, i.Start) || !inRange(maxWorkers, i.Worker) ||
		!inRange(maxCount, i.Index, i.Width, i.Height) || !inRange(maxBytes, i.Bytes) {
		return fmt.Errorf("an image with impossible figures, index %d", i.Index)
	}
	if i.SHA256 == "" {
		return fmt.Errorf("an image without its hash, index %d", i.Index)
	}
	return nil
}

// inRange reports whether all values are between 0 and limit. NaN is not.
func inRange[T int | int64 | float64](limit T, values ...T) bool {
	for _, v := range values {
		if !(v >= 0 && v <= limit) {
			return false
		}
	}
	return true
}
