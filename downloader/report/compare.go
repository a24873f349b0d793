package report

import (
	"fmt"
	"slices"

	"grab/downloader"
)

// Compare computes the comparison of an experiment. It ranks the contenders only if each of them
// fetched every image in every requested round, with the same bytes.
func Compare(conditions Conditions, runs []Run) Comparison {
	c := Comparison{
		Type: "comparison", Images: conditions.Images, Planned: conditions.Rounds,
		Identical: true, Ranked: len(runs) > 0, Modes: []Figures{},
	}
	counted := slices.DeleteFunc(slices.Clone(runs), func(r Run) bool { return r.Warmup })
	var reference *Run
	for i := range counted {
		run := &counted[i]
		c.Rounds = max(c.Rounds, run.Round+1)
		c.Images = max(c.Images, run.Total, run.Listed)
		if !run.complete() {
			c.Ranked = false
			continue
		}
		if reference == nil {
			reference = run
		}
		c.Identical = c.Identical && sameBytes(reference, run)
	}
	c.Identical = c.Identical && reference != nil
	for _, who := range conditions.Contenders() {
		f := newFigures(who, counted, conditions.Machine.CPUs)
		if f.Error == "" && f.OK < c.Images {
			f.Error = fmt.Sprintf("it fetched %d of %d images", f.OK, c.Images)
		}
		if f.Error != "" {
			f.clearTimes()
		}
		c.Ranked = c.Ranked && f.Error == "" && len(f.Seconds) == c.Planned
		c.Modes = append(c.Modes, f)
	}
	c.Ranked = c.Ranked && c.Identical && len(c.Modes) > 0
	if c.Ranked {
		c.rank()
		c.Differences = differences(c.Modes)
	}
	c.Caveats = c.caveats(&conditions, runs)
	c.Warnings = slices.Concat(c.Caveats, c.warnings(&conditions, runs))
	c.Conclusion = c.conclusion(conditions.Machine.CPUs)
	c.Claims = c.claims(conditions.Preset)
	return c
}

// rank sets the figures that only a ranked comparison has.
func (c *Comparison) rank() {
	base := slices.IndexFunc(c.Modes, func(f Figures) bool { return f.Mode == downloader.Sequential })
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Median > 0 {
			f.Efficiency = f.Ideal / f.Median
			if base >= 0 {
				f.Speedup = c.Modes[base].Median / f.Median
			}
		}
	}
}
