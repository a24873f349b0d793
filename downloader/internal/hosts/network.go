package hosts

import (
	"math/rand/v2"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// Evidence that the network is away: so many attempts in a row for each worker, at least
// leastOffline, and no answer for offlineAfter.
const (
	offlineEach  = 2
	leastOffline = 20
	offlineAfter = 2 * time.Second
)

// offline reports whether nothing may be requested now, since the network is away.
func (g *Governor) offline(now time.Time) bool {
	return g.net.holds > 0 && (g.net.probe != nil || now.Before(g.net.until))
}

// judgeNetwork takes what an attempt says about the network. It reports whether the
// network, and not its host, failed t.
func (g *Governor) judgeNetwork(t *Task, done *work.Outcome, now time.Time) (away bool) {
	n := &g.net
	if done.Trouble == nil || !done.Trouble.Offline {
		if !done.Result.Class.SaysNothingOfHost() {
			*n = network{answered: now}
		} else if n.probe == t {
			n.probe = nil
		}
		return false
	}
	n.failures++
	switch {
	case n.holds > 0 && n.probe == t && now.Sub(n.since) >= g.opts.RetryAfterMax:
		*n = network{given: true}
	case n.holds > 0 && n.probe == t:
		n.probe = nil
		g.holdNetwork(t, done, now)
	case n.holds == 0 && !n.given && !n.answered.IsZero() && now.Sub(n.answered) >= offlineAfter &&
		n.failures >= max(leastOffline, offlineEach*g.opts.Workers):
		n.since = now
		g.holdNetwork(t, done, now)
	}
	return n.holds > 0
}

func (g *Governor) holdNetwork(t *Task, done *work.Outcome, now time.Time) {
	g.net.holds++
	wait := work.Backoff(g.opts.RetryMin, g.opts.RetryMax, g.net.holds+1, rand.Float64())
	g.net.until = now.Add(wait)
	if g.watched {
		g.events = append(g.events, downloader.HostEvent{
			Time: now, Host: "all", Change: downloader.HostHeld, Class: done.Result.Class,
			Reason: "no host can be reached, so the network may be away: " + done.Result.Error, Wait: wait, Images: g.waiting,
		})
	}
}
