package hosts

import (
	"net/http"
	"time"
)

// This file finds out whether it helps to ask a host more slowly. A host that limits its
// clients delivers a greater share of what it is asked for. Another turns images away for
// reasons of its own, such as one broken machine of several: it delivers the same share at
// any pace, and so gets its former pace back.
const (
	trialFirst = 8    // results at the first pace
	trialNext  = 16   // results at each further one
	tooFast    = 3    // so many of them turned away: a slower pace may be needed
	helped     = 1.25 // so much greater must the share of good ones be, if it was not tiny:
	mostlyBad  = 0.3  // below this share, a slower pace is tried in any case
	longerGap  = 4    // then the longest gap grows by this factor

	firstMostGap = 320 * time.Millisecond
	mostGap      = 2560 * time.Millisecond

	// After a trial in vain, so many images are turned away on their own account before the
	// host is slowed down again. Each such trial doubles the number.
	firstDeaf = 64
	mostDeaf  = 1024
)

// trial is what came of the images of a host since it is asked for one at a time.
type trial struct {
	since   time.Time
	n, good int           // results at this pace
	share   float64       // of good ones, at the pace before
	mostGap time.Duration // the longest gap at this pace; 0: the trial is at the first pace
	told    bool          // a status has named a limit
}

func (s *host) beginTrial(now time.Time) { s.trial = trial{since: now, told: s.trial.told} }

// judgePace counts what came of t in the trial of its host s, if there is one. It reports
// whether the trial shows that s has no limit. Then s has its former pace again.
func (g *Governor) judgePace(s *host, t *Task, good bool) (noLimit bool) {
	p := &s.trial
	if !s.limited || s.limit > 1 || p.told || t.began.Before(p.since) {
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
		s.limit, s.limited, s.gap, s.turned = g.ceiling(), false, 0, 0
		s.deafFor = min(max(2*s.deafFor, firstDeaf), mostDeaf)
		s.deaf = s.deafFor
		return true
	}
	return false
}

// ownFault reports whether s turned an image away for reasons of its own, as far as trials
// have shown. A status that names a limit always says so (RFC 6585 section 4).
func (s *host) ownFault(status int) bool {
	if status == http.StatusTooManyRequests {
		s.trial.told = true
		return false
	}
	if s.deaf == 0 {
		return false
	}
	s.deaf--
	return true
}

// widenGap doubles the gap of s, which turned an image away.
func (s *host) widenGap() {
	most := max(s.trial.mostGap, firstMostGap)
	if s.trial.told {
		most = mostGap
	}
	s.gap = min(max(2*s.gap, leastGap), most)
}
