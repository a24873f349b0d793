package report

import (
	"fmt"
	"math"

	"grab/downloader"
)

// claimMargin is how far a measured time may be from the claimed one, as a share of it.
const claimMargin = 0.05

// claims compares what was claimed about a preset with what was measured. The times are the
// notebook's own where it has any. A comparison that is not ranked neither supports nor refutes
// a claim.
func (c *Comparison) claims(preset string) []Claim {
	if !c.Ranked {
		return nil
	}
	list := claimList{comparison: c}
	sequential := Contender{downloader.Sequential, 1}
	pool := func(n int) Contender { return Contender{downloader.Pool, n} }
	process := func(n int) Contender { return Contender{downloader.Process, n} }
	switch preset {
	case "picsum":
		list.identical("All three ways download the five images.")
		list.takes("One after another takes 9.45 s.", sequential, 9.45)
		list.takes("Three threads take 3.61 s.", pool(3), 3.61)
		list.takes("Three processes take 0.45 s.", process(3), 0.45)
		list.faster("Processes are faster than threads.", process(3), pool(3))
	case "waves":
		list.takes("100 tasks of one second on 3 workers take 34 waves, 34 s.", pool(3), 34)
		list.takes("100 tasks of one second on 100 workers take one wave, about 1 s.", pool(100), 1)
	case "cpu":
		list.faster("Processes are faster than threads where the work is CPU.", process(2), pool(2))
		list.faster("Two workers are faster than one.", pool(2), pool(1))
		list.faster("Eight workers are faster than two.", pool(8), pool(2))
	case "many":
		list.faster("Processes are faster than threads.", process(16), pool(16))
		list.faster("Threads are faster than one after another.", pool(16), sequential)
	}
	return list.claims
}

// claimList collects claims. Those about contenders that the comparison does not have are left
// out.
type claimList struct {
	comparison *Comparison
	claims     []Claim
}

func (l *claimList) add(claim Claim) { l.claims = append(l.claims, claim) }

// identical adds the claim that every run fetched the same images.
func (l *claimList) identical(claim string) {
	measured := fmt.Sprintf("%d images in every run, the same bytes each time", l.comparison.Images)
	l.add(Claim{Claim: claim, Measured: measured, Holds: l.comparison.Identical})
}

// takes adds the claim that a contender takes that many seconds.
func (l *claimList) takes(claim string, who Contender, seconds float64) {
	if f := l.comparison.Find(who); f != nil {
		measured := fmt.Sprintf("%s took %.2f s", f.Name(), f.Median)
		l.add(Claim{Claim: claim, Measured: measured, Holds: math.Abs(f.Median-seconds) <= claimMargin*seconds})
	}
}

// faster adds the claim that a contender is faster than another.
func (l *claimList) faster(claim string, who, than Contender) {
	a, b := l.comparison.Find(who), l.comparison.Find(than)
	if a == nil || b == nil {
		return
	}
	d := l.comparison.difference(a, b)
	measured := fmt.Sprintf("%s took %.3f s, %s took %.3f s: %s", a.Name(), a.Median, b.Name(), b.Median, d.Verdict)
	l.add(Claim{Claim: claim, Measured: measured, Holds: d.Different && a.Median < b.Median, Undecided: d.TooFew})
}
