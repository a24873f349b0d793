package hosts

import (
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/queues/queuestest"
)

// TestPlaceOf has one case for each reason for which a host is where it is.
func TestPlaceOf(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name string
		set  func(*Governor, *host)
		want place
	}{
		{"it answers", func(*Governor, *host) {}, inLive},
		{"it has not answered yet", func(_ *Governor, s *host) { s.delivered = false }, inProbes},
		{"it fails", func(_ *Governor, s *host) { s.failures = BrokenAfter }, inFailing},
		{"it failed a few times", func(_ *Governor, s *host) { s.failures = BrokenAfter - 1 }, inLive},
		{"it asked for a pause that is over", func(_ *Governor, s *host) { s.proving = true }, inFailing},
		{"nothing waits", func(_ *Governor, s *host) { s.waiting = 0 }, nowhere},
		{"it was given up", func(_ *Governor, s *host) { s.givenUp = true }, nowhere},
		{"it has its last try", func(_ *Governor, s *host) { s.givenUp, s.lastTry = true, true }, inProbes},
		{"it was given up for good", func(_ *Governor, s *host) { s.givenUp, s.lastTry, s.final = true, true, true }, inLost},
		{"held", func(_ *Governor, s *host) { s.heldUntil = now.Add(1) }, inTimed},
		{"held until now", func(_ *Governor, s *host) { s.heldUntil = now }, inLive},
		{"a rate", func(_ *Governor, s *host) { s.nextAt = now.Add(1) }, inTimed},
		{"only images that wait", func(_ *Governor, s *host) {
			s.fresh.Pop()
			s.tried.Add(&Task{}, now.Add(1))
		}, inTimed},
		{"images that wait beside others", func(_ *Governor, s *host) { s.tried.Add(&Task{}, now.Add(1)) }, inLive},
		{"only images in the file", func(_ *Governor, s *host) {
			s.fresh.Pop()
			if err := queues.NewFile(&queuestest.Memory{}).Push(&s.spilled, nil); err != nil {
				t.Fatal(err)
			}
		}, inLive},
		{"at its limit", func(_ *Governor, s *host) { s.limited, s.limit, s.busy = true, 2, 2 }, nowhere},
		{"one below its limit", func(_ *Governor, s *host) { s.limited, s.limit, s.busy = true, 2, 1 }, inLive},
		{"at its share", func(_ *Governor, s *host) { s.limit, s.busy = 2, 2 }, inSpare},
		{"at the ceiling", func(_ *Governor, s *host) { s.limit, s.busy = 2, DefaultPerHost }, nowhere},
		{"held and at its limit", func(_ *Governor, s *host) { s.limited, s.limit, s.busy, s.heldUntil = true, 2, 2, now.Add(1) }, nowhere},
	} {
		g := governor(downloader.Options{Workers: 64})
		s := named(g, 2)
		s.delivered, s.waiting = true, 1
		s.fresh.Push(&Task{})
		c.set(g, s)
		if got := g.placeOf(s, now); got != c.want {
			t.Errorf("%s: place %d, want %d", c.name, got, c.want)
		}
	}
}

// TestTakeSkipsOldEntries moves a host to another queue and back: its old entries must not
// make it come twice, or from where it is no more.
func TestTakeSkipsOldEntries(t *testing.T) {
	g := governor(downloader.Options{Workers: 64})
	s := named(g, 2)
	now := time.Now()
	task := &Task{}
	g.enqueue(s, task, now)
	for _, delivered := range []bool{false, true, false, true, false} {
		s.delivered = delivered
		g.place(s, now)
		if live, probes := g.liveReady, g.probeReady; delivered && (live != 1 || probes != 0) || !delivered && (live != 0 || probes != 1) {
			t.Errorf("delivered %v: %d tasks in live, %d in probes", delivered, live, probes)
		}
	}
	if got := g.take(inLive); got != nil {
		t.Errorf("took %s from live, it is in probes", got.name)
	}
	if got := g.take(inProbes); got != s || g.probeReady != 0 {
		t.Errorf("took %v, %d tasks ready", got, g.probeReady)
	}
	if got := g.take(inProbes); got != nil {
		t.Errorf("took %s twice", got.name)
	}
	g.place(s, now)
	if got := g.take(inProbes); got != s {
		t.Errorf("took %v after the host was placed anew", got)
	}
}
