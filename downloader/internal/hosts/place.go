package hosts

import (
	"time"

	"grab/downloader/internal/queues"
)

// Each host with waiting images has one place: a queue of hosts that may be asked now,
// the heap of those that may be asked later, or none while as many of its images are in
// flight as it may have. A host is placed anew whenever one of these may have changed.

// place puts s where pick looks for it.
func (g *Governor) place(s *host, now time.Time) {
	at := g.placeOf(s, now)
	if at != s.at {
		g.unplace(s)
		s.at = at
		if queue := g.queue(at); queue != nil && !s.queued[at] {
			s.queued[at] = true
			queue.Push(s)
		}
	}
	switch at {
	case nowhere:
	case inTimed:
		g.timed.Add(s, s.wakeTime())
		g.setAlarm(now)
	default:
		g.recount(s)
		g.work.Signal()
	}
}

func (g *Governor) placeOf(s *host, now time.Time) place {
	switch {
	case s.waiting == 0 || g.broken != nil: // no images, or some that cannot be read
		return nowhere
	case s.final:
		return inLost
	case s.givenUp && !s.lastTry:
		return nowhere
	case s.busy >= g.capacity(s, true):
		return nowhere
	case s.wakeTime().After(now):
		return inTimed
	case s.busy >= g.capacity(s, false):
		return inSpare
	case s.delivered && !s.failing() && !s.proving && !s.givenUp:
		return inLive
	case s.failures == 0 && !s.proving:
		return inProbes
	default:
		return inFailing
	}
}

// unplace takes s from its place. Its entry in a queue stays there: take skips it.
func (g *Governor) unplace(s *host) {
	if s.at == inTimed {
		g.timed.Remove(s)
	} else if ready := g.readyAt(s.at); ready != nil {
		*ready -= s.counted
	}
	s.at, s.counted = nowhere, 0
}

// take returns the first host of a queue. It returns nil if there is none.
func (g *Governor) take(at place) *host {
	for queue := g.queue(at); queue.Len() > 0; {
		s := queue.Pop()
		s.queued[at] = false
		if s.at == at {
			g.unplace(s)
			return s
		}
	}
	return nil
}

func (g *Governor) queue(at place) *queues.FIFO[*host] {
	switch at {
	case inLive:
		return &g.live
	case inProbes:
		return &g.probes
	case inFailing:
		return &g.failing
	case inSpare:
		return &g.spare
	case inLost:
		return &g.lost
	}
	return nil
}

// patience is how long the workers leave hosts alone that have not answered, in case the
// list names one that has.
const patience = 5 * time.Millisecond

// setAlarm wakes a worker when the next thing is due.
func (g *Governor) setAlarm(now time.Time) {
	at, set := time.Time{}, false
	soonest := func(t time.Time) {
		if !set || t.Before(at) {
			at, set = t, true
		}
	}
	if g.timed.Len() > 0 {
		_, t := g.timed.First()
		soonest(t)
	}
	if g.due.Len() > 0 {
		_, t := g.due.First()
		soonest(t)
	}
	if !g.listDone && g.probes.Len()+g.failing.Len()+g.spare.Len() > 0 {
		soonest(g.lastAdd.Add(patience))
	}
	if g.net.holds > 0 && g.net.probe == nil {
		soonest(g.net.until)
	}
	if set {
		g.alarm.Reset(max(0, at.Sub(now)))
	}
}
