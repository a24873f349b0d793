package hosts

import (
	"slices"
	"time"

	"grab/downloader"
)

// report keeps an event for those who watch.
func (g *Governor) report(s *host, what downloader.HostChange, wait time.Duration) {
	if g.watched {
		g.events = append(g.events, downloader.HostEvent{
			Time: time.Now(), Host: s.name, Change: what, Class: s.class, Reason: s.reason,
			Wait: wait, Limit: s.limit, Images: s.waiting,
		})
	}
}

// reportRetry keeps an event for an image that has another attempt.
func (g *Governor) reportRetry(t *Task, wait time.Duration) {
	g.report(t.host, downloader.HostRetry, wait)
	if g.watched {
		e := &g.events[len(g.events)-1]
		e.Class, e.Reason, e.URL, e.Tried = t.Last.Class, t.Last.Error, t.Last.URL, t.Attempts
	}
}

// Events returns what happened since the last call, and nil if nothing did.
func (g *Governor) Events() []downloader.HostEvent {
	g.mu.Lock()
	defer g.mu.Unlock()
	events := g.events
	g.events = nil
	return events
}

// Held returns the hosts that are left alone for now, the next to be asked first, and
// how many were given up.
func (g *Governor) Held() (hosts []downloader.HostState, givenUp int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	for s := range g.timed.All() {
		if s.failing() || s.proving {
			hosts = append(hosts, s.state(now))
		}
	}
	slices.SortFunc(hosts, func(a, b downloader.HostState) int { return int(a.Next - b.Next) })
	return hosts, len(g.given)
}

// state describes s, which waits.
func (s *host) state(now time.Time) downloader.HostState {
	return downloader.HostState{
		Host: s.name, Class: s.class, Reason: s.reason, Failures: s.failures,
		Images: s.waiting, Next: max(0, s.wakeTime().Sub(now)),
	}
}
