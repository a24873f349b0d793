package report

import (
	"cmp"
	"fmt"
	"slices"

	"grab/downloader/report/internal/format"
	"grab/downloader/report/internal/stats"
)

// Limits beyond which a warning is given.
const (
	otherShare = 0.15  // of the machine's CPU time, used by other programs
	wideSpread = 0.20  // range of the rounds, as a share of the median
	firstSlow  = 1.20  // time of the first round over the longest of the others
	shortRun   = 0.1   // median in seconds below which a comparison is too short
	noise      = 0.005 // range of the rounds in seconds below which no warning is given
)

// caveats lists what puts the conclusion in doubt, in sentences.
func (c *Comparison) caveats(conditions *Conditions, runs []Run) []string {
	var all []string
	warn := func(text string, args ...any) { all = append(all, fmt.Sprintf(text, args...)) }
	if need := c.roundsNeeded(); need > c.Rounds {
		warn("With %s and %s to compare no difference can be significant: it takes %d rounds.",
			format.Count(c.Rounds, "round"), format.Count(len(c.Differences), "pair"), need)
	}
	if c.Ranked && len(c.Modes) > 1 && c.fastest().Median < shortRun {
		warn("The runs are too short: %s took %s, and below %g s start-up and chance weigh too much. More images help.",
			c.fastest().Name(), format.Short(c.fastest().Median), shortRun)
	}
	var others, machine float64
	for i := range runs {
		if run := &runs[i]; !run.Warmup {
			others += run.OtherCPUSeconds
			machine += run.Seconds * float64(conditions.Machine.CPUs)
		}
	}
	if machine > 0.5 && others/machine > otherShare {
		warn("The machine was busy: other programs took %.0f %% of its processors during the runs.", 100*min(1, others/machine))
	}
	return all
}

// warnings lists what else could distort the figures, in sentences.
func (c *Comparison) warnings(conditions *Conditions, runs []Run) []string {
	var all []string
	warn := func(text string, args ...any) { all = append(all, fmt.Sprintf(text, args...)) }
	if c.Ranked && c.Modes[0].Confidence == 0 {
		warn("With %s there is no interval of %g %% confidence: it takes %d.",
			format.Count(c.Rounds, "round"), 100*stats.Confidence, intervalRounds)
	}
	for i := range runs {
		if run := &runs[i]; run.Warmup && run.Error != "" {
			warn("The warm-up of %s failed: %s.", run.Contender(), format.Reason(run.Error))
		}
	}
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Error != "" {
			continue
		}
		for _, warning := range f.timingWarnings() {
			warn("%s: %s.", f.Name(), warning)
		}
		if f.Workers > 0 && f.PeakInFlight > f.Workers {
			warn("%s: the server saw %d images in flight, more than the workers of its name: "+
				"several may share a connection.", f.Name(), f.PeakInFlight)
		}
		if need := min(f.Workers, c.Images); conditions.Latency > 0 && f.Connections > 0 && f.PeakInFlight < need {
			warn("%s: the server saw at most %d images in flight; the %d workers were never all busy.",
				f.Name(), f.PeakInFlight, f.Workers)
		}
	}
	return all
}

// timingWarnings describes patterns in the rounds' times that chance alone should not produce.
func (f *Figures) timingWarnings() []string {
	n := len(f.Seconds)
	if n < 3 || f.Max-f.Min < noise {
		return nil
	}
	var all []string
	if spread := (f.Max - f.Min) / f.Median; spread > wideSpread {
		all = append(all, fmt.Sprintf("the rounds lie far apart, from %.3f to %.3f s", f.Min, f.Max))
	}
	trend := n >= 5 && f.Max-f.Min > stats.Margin*f.Median
	switch {
	case trend && slices.IsSorted(f.Seconds):
		all = append(all, "each round was slower than the one before: something grows, or heats up")
	case trend && slices.IsSortedFunc(f.Seconds, func(a, b float64) int { return cmp.Compare(b, a) }):
		all = append(all, "each round was faster than the one before: something is still warming up")
	case f.Seconds[0] > firstSlow*slices.Max(f.Seconds[1:]):
		all = append(all, "the first round was slower than all others: something was cold")
	}
	return all
}
