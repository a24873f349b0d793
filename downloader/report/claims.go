package report

import (
	"fmt"
	"math"

	"grab/downloader"
)

// claimMargin is how far a measured time may be from a claimed one that holds.
const claimMargin = 0.05

// claims sets beside each other what was claimed of a preset and what was
// measured: the notebook's own figures, where it has any. What is not ranked
// neither supports nor refutes anything.
func (c *Comparison) claims(preset string) []Claim {
	if !c.Ranked {
		return nil
	}
	var said []Claim
	time := func(claim string, mode downloader.Mode, workers int, want float64) {
		if f := c.find(mode, workers); f != nil {
			measured := fmt.Sprintf("%s took %.2f s", f.Name(), f.Median)
			said = append(said, Claim{Claim: claim, Measured: measured, Holds: math.Abs(f.Median-want) <= claimMargin*want})
		}
	}
	switch preset {
	case "picsum":
		measured := fmt.Sprintf("%d images in every run, the same bytes each time", c.Images)
		said = append(said, Claim{Claim: "All three ways download the five images.", Measured: measured, Holds: c.Identical})
		time("One after another takes 9.45 s.", downloader.Sequential, 1, 9.45)
		time("Three threads take 3.61 s.", downloader.Pool, 3, 3.61)
		time("Three processes take 0.45 s.", downloader.Process, 3, 0.45)
		said = c.faster(said, "Processes are faster than threads.", downloader.Process, 3, downloader.Pool, 3)
	case "waves":
		time("100 tasks of one second on 3 workers take 34 waves, 34 s.", downloader.Pool, 3, 34)
		time("100 tasks of one second on 100 workers take one wave, about 1 s.", downloader.Pool, 100, 1)
	case "cpu":
		said = c.faster(said, "Processes are faster than threads where the work is CPU.", downloader.Process, 2, downloader.Pool, 2)
		said = c.faster(said, "Two workers are faster than one.", downloader.Pool, 2, downloader.Pool, 1)
		said = c.faster(said, "Eight workers are faster than two.", downloader.Pool, 8, downloader.Pool, 2)
	case "many":
		said = c.faster(said, "Processes are faster than threads.", downloader.Process, 16, downloader.Pool, 16)
		said = c.faster(said, "Threads are faster than one after another.", downloader.Pool, 16, downloader.Sequential, 1)
	}
	return said
}

// faster adds the claim that one contender is faster than another.
func (c *Comparison) faster(said []Claim, claim string, mode downloader.Mode, n int, than downloader.Mode, m int) []Claim {
	a, b := c.find(mode, n), c.find(than, m)
	if a == nil || b == nil {
		return said
	}
	d := c.between(a, b)
	measured := fmt.Sprintf("%s took %.3f s, %s took %.3f s: %s", a.Name(), a.Median, b.Name(), b.Median, d.Verdict)
	return append(said, Claim{Claim: claim, Measured: measured, Holds: d.Different && a.Median < b.Median, Untold: d.TooFew})
}
