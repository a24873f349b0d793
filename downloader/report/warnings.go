package report

import (
	"fmt"
	"slices"
)

// When figures are called spoilt.
const (
	otherShare = 0.15  // of the machine's processors, taken by other programs
	wideSpread = 0.20  // of the median, from the shortest run to the longest
	firstSlow  = 1.20  // the first round's time over the longest of the others
	noise      = 0.005 // seconds; less than that is never warned of
)

// warn says what could spoil the figures, a sentence each.
func (c *Comparison) warn(conditions *Conditions, runs []Run) []string {
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	if c.Ranked && c.Modes[0].Confidence == 0 {
		say("With %d %s there is no interval of %g %% confidence: it takes 6.", c.Rounds, plural(c.Rounds, "round"), 100*confidence)
	}
	if need, pairs := c.roundsNeeded(), len(c.Differences); need > c.Rounds {
		say("With %d %s and %d %s to compare no difference can be significant: it takes %d rounds.",
			c.Rounds, plural(c.Rounds, "round"), pairs, plural(pairs, "pair"), need)
	}
	var others, machine float64
	for i := range runs {
		if run := &runs[i]; run.Warmup && run.Error != "" {
			say("The warm-up of %s failed: %s.", Contender{run.Mode, run.Workers}, run.Error)
		} else if !run.Warmup {
			others += run.OtherCPUSeconds
			machine += run.Seconds * float64(conditions.Machine.CPUs)
		}
	}
	if machine > 0.5 && others/machine > otherShare {
		say("The machine was busy: other programs took %.0f %% of its processors during the runs.", 100*others/machine)
	}
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Error != "" {
			continue
		}
		for _, warning := range f.oddities() {
			say("%s: %s.", f.Name(), warning)
		}
		if at := min(f.Workers, c.Images); conditions.Latency > 0 && f.Connections > 0 && f.PeakInFlight < at {
			say("%s: the server saw at most %d images in flight; the %d workers were never all busy.", f.Name(), f.PeakInFlight, f.Workers)
		}
	}
	return said
}

// roundsNeeded returns how many rounds it takes for a difference of any pair to
// be significant: no fewer than there were.
func (c *Comparison) roundsNeeded() int {
	need := c.Rounds
	for leastP(need, need)*float64(len(c.Differences)) >= alpha {
		need++
	}
	return need
}

// oddities are what the rounds' times have that chance alone should not.
func (f *Figures) oddities() []string {
	n := len(f.Seconds)
	if n < 3 || f.Max-f.Min < noise {
		return nil
	}
	var said []string
	if spread := (f.Max - f.Min) / f.Median; spread > wideSpread {
		said = append(said, fmt.Sprintf("the rounds lie far apart, from %.3f to %.3f s", f.Min, f.Max))
	}
	rising := slices.IsSorted(f.Seconds)
	falling := slices.IsSortedFunc(f.Seconds, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	switch {
	case n >= 5 && rising && f.Max-f.Min > margin*f.Median:
		said = append(said, "each round was slower than the one before: something grows, or heats up")
	case n >= 5 && falling && f.Max-f.Min > margin*f.Median:
		said = append(said, "each round was faster than the one before: something is still warming up")
	case f.Seconds[0] > firstSlow*slices.Max(f.Seconds[1:]):
		said = append(said, "the first round was slower than all others: something was cold")
	}
	return said
}
