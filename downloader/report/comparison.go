package report

import (
	"cmp"
	"slices"
	"strings"

	"grab/downloader"
)

// Comparison sets the contenders side by side. It is computed from the runs.
type Comparison struct {
	Type      string    `json:"type"` // "comparison"
	Images    int       `json:"images"`
	Rounds    int       `json:"rounds"`    // that were run, without the warm-up
	Planned   int       `json:"planned"`   // rounds that were requested; none is run after one that failed
	Identical bool      `json:"identical"` // every complete run fetched the same bytes
	Ranked    bool      `json:"ranked"`    // every run of every mode fetched everything: times may be compared
	Modes     []Figures `json:"modes"`     // one for each contender

	Differences []Difference `json:"differences,omitempty"` // in time, of each pair; none unless ranked
	Warnings    []string     `json:"warnings,omitempty"`    // what could distort the figures, in sentences
	Caveats     []string     `json:"caveats,omitempty"`     // the first Warnings: those that put the conclusion in doubt
	Conclusion  string       `json:"conclusion"`            // what the figures show, in plain words
	Claims      []Claim      `json:"claims,omitempty"`      // of a preset
}

// Claim compares what the notebook claimed about a preset with what was measured.
type Claim struct {
	Claim     string `json:"claim"`
	Measured  string `json:"measured"`
	Holds     bool   `json:"holds"`
	Undecided bool   `json:"untold,omitempty"` // there are too few rounds to decide whether it holds
}

// Find returns the figures of a contender, or nil.
func (c *Comparison) Find(who Contender) *Figures {
	for i := range c.Modes {
		if c.Modes[i].Contender() == who {
			return &c.Modes[i]
		}
	}
	return nil
}

// Interrupted reports whether a contender has no counted run.
func (c *Comparison) Interrupted() bool {
	return slices.ContainsFunc(c.Modes, func(f Figures) bool { return !f.Ran() })
}

// Fastest names the fastest contender, and those whose time does not differ from it. It is "-" if
// nothing is ranked.
func (c *Comparison) Fastest() string {
	if !c.Ranked {
		return "-"
	}
	if c.tooFewRounds() {
		return "too few rounds to tell"
	}
	names := []string{c.fastest().Name()}
	for _, d := range c.Differences {
		if other := d.other(names[0]); other != "" && !d.Different {
			names = append(names, other)
		}
	}
	return strings.Join(names, " or ")
}

// fastest returns the contender with the smallest median.
func (c *Comparison) fastest() *Figures {
	return c.fastestOf(func(*Figures) bool { return true })
}

// fastestMode returns grab's own contender with the smallest median. A saved file may have only
// other programs: then it is the fastest of them.
func (c *Comparison) fastestMode() *Figures {
	return cmp.Or(c.fastestOf(func(f *Figures) bool { return !f.Contender().IsProgram() }), c.fastest())
}

// fastestOf returns the contender with the smallest median of those that match, or nil.
func (c *Comparison) fastestOf(match func(*Figures) bool) *Figures {
	var fastest *Figures
	for i := range c.Modes {
		if f := &c.Modes[i]; match(f) && (fastest == nil || f.Median < fastest.Median) {
			fastest = f
		}
	}
	return fastest
}

// slowest returns the contender of a mode with the largest median, or nil.
func (c *Comparison) slowest(mode downloader.Mode) *Figures {
	var slowest *Figures
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Mode == mode && (slowest == nil || f.Median > slowest.Median) {
			slowest = f
		}
	}
	return slowest
}

// difference returns the difference between two contenders, or nil.
func (c *Comparison) difference(a, b *Figures) *Difference {
	for i := range c.Differences {
		if c.Differences[i].other(a.Name()) == b.Name() {
			return &c.Differences[i]
		}
	}
	return nil
}

// tooFewRounds reports whether no difference of some pair could have been significant.
func (c *Comparison) tooFewRounds() bool {
	return slices.ContainsFunc(c.Differences, func(d Difference) bool { return d.TooFew })
}

// roundsNeeded returns how many rounds it takes for the difference of any pair to be significant.
// It is never less than the number of rounds that were run.
func (c *Comparison) roundsNeeded() int { return roundsToTell(len(c.Differences), c.Rounds) }

// OtherWarnings returns the warnings that are not among the caveats.
func (c *Comparison) OtherWarnings() []string {
	return c.Warnings[min(len(c.Caveats), len(c.Warnings)):]
}
