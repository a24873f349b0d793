package hosts

import (
	"math/bits"
	"math/rand/v2"
	"net/http"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// This file says how many images of a host may be in flight, and how soon after one
// another they may go.
//
// The limit of a host grows by one with each success until the host turns images away.
// From then on it is additive increase, multiplicative decrease: the limit is halved when
// images are turned away, and grows by one after growAfter successes for each image that
// may be in flight. Below one at a time, the host gets a gap between its requests, which
// doubles and shrinks in the same way. If that does not help, it ends: see pace.go.
const (
	// DefaultPerHost is how many images of a host may be in flight at once if the list
	// has several hosts and the user does not say.
	DefaultPerHost = 16

	growAfter = 10 // successes for each image in flight, before the limit grows
	shrinkGap = 32 // each success takes 1/shrinkGap off the gap

	// crowded is how many of a host's last eight first attempts must have been turned away
	// before its limit is lowered. One image alone may be the cause itself.
	crowded = 5
	// maxForgiven is how many attempts of an image do not count, because its host was at
	// its limit.
	maxForgiven = 4
)

// ceiling is how many images of one host may be in flight at most.
func (g *Governor) ceiling() int {
	switch {
	case g.opts.PerHost > 0:
		return min(g.opts.PerHost, g.opts.Workers)
	case len(g.byName) == 1:
		return g.opts.Workers // the user asked this one host for so many
	default:
		return min(DefaultPerHost, g.opts.Workers)
	}
}

// capacity is how many images of s may be in flight now. With spare set, the workers
// have nothing better to do.
func (g *Governor) capacity(s *host, spare bool) int {
	switch {
	case s.failing() || s.proving || s.givenUp:
		return 1
	case !s.limited && (spare || len(g.byName) == 1):
		return g.ceiling()
	default:
		return min(s.limit, g.ceiling())
	}
}

// grow raises the limit of s after a success.
func (g *Governor) grow(s *host) {
	s.streak++
	switch {
	case s.gap > 0:
		if s.gap -= s.gap / shrinkGap; s.gap < leastGap/2 {
			s.gap = 0
		}
	case !s.limited || s.limit < s.enough || s.streak >= growAfter*s.limit:
		s.limit, s.streak = min(s.limit+1, g.opts.Workers), 0
		s.limited = s.limited && s.limit < g.ceiling()
	}
}

// note remembers whether a first attempt was turned away.
func (s *host) note(t *Task, away bool) {
	if t.Attempts == 0 {
		s.turned <<= 1
		if away {
			s.turned |= 1
		}
	}
}

// turnAway lowers the limit of s, which turned t away, if it delivers others and there is
// enough evidence. It reports whether the attempt does not count for t.
func (g *Governor) turnAway(s *host, t *Task, status int, now time.Time) (forgiven bool) {
	if s.ownFault(status) || g.judgePace(s, t, false) {
		return false
	}
	s.note(t, true)
	atLimit := s.limited && (s.gap > 0 || s.busy+1 >= s.limit)
	if !s.delivered || t.Forgiven >= maxForgiven || !atLimit && bits.OnesCount8(s.turned) < crowded {
		return false
	}
	if t.began.Before(s.limitAt) {
		return true // the limit was lowered for its like
	}
	if s.limited && s.limit == 1 {
		s.gap = s.trial.wider(s.gap)
	} else if s.limit = max(1, min(s.limit, s.busy+1, g.ceiling())/2); s.limit == 1 {
		s.trial = s.trial.again(now)
	}
	s.limited, s.enough, s.limitAt, s.streak = true, s.limit, now, 0
	g.report(s, downloader.HostSlower, s.gap)
	return true
}

// judgePace counts what came of t in the trial of its host s, if there is one. It reports
// whether the trial shows that s has no limit. Then s has its former pace again.
func (g *Governor) judgePace(s *host, t *Task, good bool) (noLimit bool) {
	if !s.limited || s.limit > 1 || !s.trial.count(t.began, good) {
		return false
	}
	s.limit, s.limited, s.gap, s.turned = g.ceiling(), false, 0, 0
	s.deafFor = min(max(2*s.deafFor, firstDeaf), mostDeaf)
	s.deaf = s.deafFor
	return true
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

// restart begins anew with one image at a time, after an outage or because too many were
// asked for at first. The limit soon grows back to half of what it was.
func (g *Governor) restart(s *host, now time.Time) {
	s.turned = 0
	if s.limited && s.limit == 1 {
		return // even that was too fast, and a pace is being looked for
	}
	s.enough = max(1, min(s.limit, g.ceiling())/2)
	if !s.limited {
		s.enough = max(1, g.ceiling()/2)
	}
	s.limit, s.limited = 1, true
	s.trial = s.trial.again(now)
}

// spacing is the time from one request to the next that s, or the user, wants.
func (g *Governor) spacing(s *host) time.Duration {
	wait := max(s.gap, s.interval, g.opts.Every)
	if g.opts.Delay > 0 {
		wait = max(wait, g.opts.Delay/2+rand.N(g.opts.Delay))
	}
	return wait
}

// Times between the attempts at a host that fails.
const (
	deadAfter    = 5   // attempts in a row without a connection: nobody is there
	deadTimeouts = 3   // the same, if each costs a whole time limit
	deadPaths    = 100 // different images that a host refuses, before all count as refused

	// freshPause is the longest wait before an image is asked for that was not tried yet:
	// it may come from another machine behind the same name.
	freshPause = time.Second
)

// pause returns how long s, which fails, is left alone.
func (g *Governor) pause(s *host, now time.Time) time.Duration {
	wait := work.Backoff(g.opts.RetryMin, g.opts.RetryMax, s.holds, rand.Float64())
	switch {
	case s.kind != refused:
	case now.Sub(s.since) >= g.opts.RetryAfterMax:
		wait = min(wait, g.opts.RetryMin) // it is not given up, so its images use up their attempts
	case s.hasFresh():
		wait = min(wait, freshPause)
	}
	if last := s.since.Add(g.opts.RetryAfterMax).Sub(now); last > 0 && last < wait {
		wait = last // the last attempt comes when RetryAfterMax ends
	}
	return wait
}

// givesUp reports whether s, which fails, is given up: after bounded attempts if nobody
// is there, else after RetryAfterMax. A host that delivered an image is not given up for
// statuses, and no host is before different images were refused.
func (g *Governor) givesUp(s *host, now time.Time) bool {
	if s.kind == unreachable && !s.delivered {
		if s.class == downloader.ClassTimeoutConnect {
			return s.failures >= deadTimeouts
		}
		return s.failures >= deadAfter
	}
	if s.failures < BrokenAfter || now.Sub(s.since) < g.opts.RetryAfterMax {
		return false
	}
	return s.kind != refused || !s.delivered && (s.paths >= deadPaths || !s.hasFresh())
}

// full reports whether enough of the list was read for now. While hosts that answer have
// images, that is little, since an interrupt ends all that was read. Otherwise the list
// is read on until it names such a host, or many others.
func (g *Governor) full() bool {
	if g.liveReady > g.opts.Workers || g.probeReady >= MaxWaiting || g.inMemory >= 2*MaxWaiting {
		return true
	}
	return g.onlyHostWaits()
}

// onlyHostWaits reports whether the list has named one host so far, which is well and has
// enough images.
func (g *Governor) onlyHostWaits() bool {
	if len(g.byName) > 1 {
		return false
	}
	for _, s := range g.byName {
		return s.waiting > g.opts.Workers && !s.failing() && !s.proving && !s.givenUp
	}
	return false
}
