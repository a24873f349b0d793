package report

import (
	"fmt"
	"slices"

	"grab/downloader"
)

// complete reports whether the run did all of its work.
func (r *Run) complete() bool {
	return r.Error == "" && r.Total > 0 && r.OK == r.Total && len(r.Images) == r.Total
}

// Compare judges the runs of an experiment. It ranks only if each contender
// finished every image in every round that was asked for, with the same bytes.
func Compare(conditions Conditions, runs []Run) Comparison {
	c := Comparison{Type: "comparison", Images: conditions.Images, Planned: conditions.Rounds, Identical: true, Ranked: len(runs) > 0, Modes: []Figures{}}
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
		f := figures(who, counted, conditions.Machine.CPUs)
		if f.Error == "" && f.OK < c.Images {
			f.Error = fmt.Sprintf("it fetched %d of %d images", f.OK, c.Images)
		}
		if f.Error != "" {
			f.withdraw()
		}
		c.Ranked = c.Ranked && f.Error == "" && len(f.Seconds) == c.Planned
		c.Modes = append(c.Modes, f)
	}
	c.Ranked = c.Ranked && c.Identical && len(c.Modes) > 0
	if c.Ranked {
		c.rank()
		c.Differences = differences(c.Modes)
	}
	c.Warnings = c.warn(&conditions, runs)
	c.Conclusion = c.conclude(conditions.Machine.CPUs)
	c.Claims = c.claims(conditions.Preset)
	return c
}

// sameBytes reports whether two complete runs fetched the same. Images are in
// the order of their indices.
func sameBytes(a, b *Run) bool {
	return slices.EqualFunc(a.Images, b.Images, func(x, y Image) bool { return x.Index == y.Index && x.SHA256 == y.SHA256 })
}

// rank sets what only times that may be compared tell.
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
