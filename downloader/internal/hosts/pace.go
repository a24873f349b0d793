package hosts

import "time"

// This file finds out whether it helps to ask a host more slowly. A host that limits its
// clients delivers a greater share of what it is asked for. Another turns images away for
// reasons of its own, such as one broken machine of several: it delivers the same share at
// any pace, and so gets its former pace back.
const (
	trialFirst = 8    // results at the first gaps
	trialNext  = 16   // results at the longer ones after them
	tooFast    = 3    // so many of them turned away: a slower pace may be needed
	helped     = 1.25 // so much greater must the share of good ones be, if it was not tiny:
	mostlyBad  = 0.3  // below this share, a slower pace is tried in any case

	leastGap     = 10 * time.Millisecond // first gap between requests
	firstMostGap = 320 * time.Millisecond
	mostGap      = 2560 * time.Millisecond
	longerGap    = 4 // if a slower pace helped, the longest gap grows by this factor

	// After a trial in vain, so many images that are turned away count as failures of their
	// own, before the host is slowed down again. Each such trial doubles the number.
	firstDeaf = 64
	mostDeaf  = 1024
)

// trial is what came of the images of a host since it is asked for one at a time.
type trial struct {
	since   time.Time     // an image that began before does not count
	n, good int           // results at this pace
	share   float64       // of good ones, at the pace before
	mostGap time.Duration // the longest gap at this pace; 0: these are the first results
	told    bool          // the host has said that there is a limit, so nothing is to find out
}

// again returns the trial that begins now, after p.
func (p trial) again(now time.Time) trial { return trial{since: now, told: p.told} }

// count takes the result of an image that began at some time. It reports whether the trial
// shows that the host has no limit.
func (p *trial) count(began time.Time, good bool) (noLimit bool) {
	if p.told || began.Before(p.since) {
		return false
	}
	p.n++
	if good {
		p.good++
	}
	first := p.mostGap == 0
	if first && p.n < trialFirst || !first && p.n < trialNext {
		return false
	}
	share, bad := float64(p.good)/float64(p.n), p.n-p.good
	p.n, p.good = 0, 0
	switch {
	case first:
		p.share, p.mostGap = share, firstMostGap
	case bad < tooFast:
	case share < mostlyBad || share >= helped*p.share:
		p.share, p.mostGap = share, min(longerGap*p.mostGap, mostGap)
	default:
		return true
	}
	return false
}

// wider returns the gap that comes after gap.
func (p *trial) wider(gap time.Duration) time.Duration {
	most := max(p.mostGap, firstMostGap)
	if p.told {
		most = mostGap
	}
	return min(max(2*gap, leastGap), most)
}
