package hosts

import (
	"time"

	"grab/downloader"
)

// pick returns the task that goes next. If end is not nil, the task gets no further
// attempt, and end is its failure. It returns nil if no task can go now.
//
// Hosts that answer take turns. The others are probes: while images of the former wait, or
// may still come from the list, they get a bounded number of workers and a bounded part of
// their time. When only probes are left, hosts that have not failed come first. listWaits
// says that the list has nothing to read for now.
func (g *Governor) pick(now time.Time, listWaits bool) (t *Task, end *downloader.Error) {
	g.wakeHosts(now)
	if t, end := g.pickOverdue(now); t != nil {
		return t, end
	}
	if t, end := g.pickLost(now); t != nil {
		return t, end
	}
	if g.offline(now) {
		return nil, nil
	}
	if g.probesAllowed() {
		if t := g.pickFrom(now, inFailing, inProbes); t != nil {
			return t, nil
		}
	}
	if t := g.pickFrom(now, inLive); t != nil {
		return t, nil
	}
	if g.listDone || g.full() || listWaits { // no better host will come
		if t := g.pickFrom(now, inProbes, inSpare, inFailing); t != nil {
			return t, nil
		}
		if g.startLastTry(now) {
			return g.pick(now, listWaits)
		}
	}
	return nil, nil
}

// probesAllowed reports whether a host may be asked that has not answered yet.
func (g *Governor) probesAllowed() bool {
	return g.probing < max(1, g.opts.Workers/4) && g.wasted*fairShare <= g.spent
}

// pickFrom returns a task of the first host in some places that has one for now.
func (g *Governor) pickFrom(now time.Time, places ...place) *Task {
	for _, at := range places {
		for s := g.take(at); s != nil; s = g.take(at) {
			t := g.dequeue(s, now)
			if t != nil {
				g.start(s, t, at, now)
			}
			g.place(s, now)
			if t != nil || g.broken != nil {
				return t
			}
		}
	}
	return nil
}

// start counts a task that goes to a worker.
func (g *Governor) start(s *host, t *Task, at place, now time.Time) {
	if s.lastTry && t.Attempts > 0 && t.Started.Before(s.givenAt) {
		t.Started = t.Started.Add(s.setAside)
	}
	t.began, t.probe = now, at != inLive
	if g.net.holds > 0 {
		g.net.probe = t
	}
	s.busy++
	g.busy++
	if t.probe {
		g.probing++
	}
	if wait := g.spacing(s); wait > 0 {
		s.nextAt = now.Add(wait)
	}
}

// wakeHosts places the hosts anew whose time has come.
func (g *Governor) wakeHosts(now time.Time) {
	for g.timed.Len() > 0 {
		s, at := g.timed.First()
		if now.Before(at) {
			return
		}
		g.place(s, now)
	}
}

// pickOverdue returns a task whose time is over.
func (g *Governor) pickOverdue(now time.Time) (*Task, *downloader.Error) {
	if g.due.Len() == 0 {
		return nil, nil
	}
	t, at := g.due.First()
	if now.Before(at) {
		return nil, nil
	}
	s := t.host
	g.removeTried(s, t)
	g.place(s, now)
	return t, g.overdueError(t)
}

// pickLost returns a task of a host that was given up for good.
func (g *Governor) pickLost(now time.Time) (*Task, *downloader.Error) {
	for s := g.take(inLost); s != nil; s = g.take(inLost) {
		t := g.dequeue(s, now)
		if t == nil && s.tried.Len() > 0 {
			t, _ = s.tried.First()
			g.removeTried(s, t)
		}
		g.place(s, now)
		if t != nil {
			return t, s.giveUpError(t)
		}
	}
	return nil, nil
}

// startLastTry lets the hosts that were given up be asked once more, when nothing else
// is left to do. It reports whether there are any. If there is no room for more of the
// list, that cannot wait for its end.
func (g *Governor) startLastTry(now time.Time) bool {
	if !g.listDone && !g.full() || g.busy > 0 || g.waiting > g.hopeless {
		return false
	}
	started := false
	for s := range g.given {
		if !s.lastTry {
			s.lastTry, started = true, true
			s.setAside = now.Sub(s.givenAt)
			g.place(s, now)
		}
	}
	return started
}
