package hosts

import (
	"net/http"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/queues/queuestest"
	"grab/downloader/internal/work"
)

func governor(opts downloader.Options) *Governor {
	return New(&opts, func() (queues.Storage, error) { return &queuestest.Memory{}, nil }, true)
}

// named makes n hosts known to g, and returns the first.
func named(g *Governor, n int) *host {
	first := g.hostOf(downloader.Item{URL: "http://a.test/"})
	for i := 1; i < n; i++ {
		g.hostOf(downloader.Item{URL: "http://" + string(rune('a'+i)) + ".test/"})
	}
	return first
}

func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		name         string
		workers      int
		perHost      int
		hosts        int
		set          func(*host)
		usual, spare int
	}{
		{"the only host", 64, 0, 1, func(*host) {}, 64, 64},
		{"one of several, new", 64, 0, 2, func(*host) {}, 3, 16},
		{"few workers", 10, 0, 2, func(*host) {}, 1, 10},
		{"-per-host", 64, 5, 1, func(*host) {}, 5, 5},
		{"-per-host above -n", 4, 5, 2, func(*host) {}, 1, 4},
		{"limited", 64, 0, 2, func(s *host) { s.limited, s.limit = true, 7 }, 7, 7},
		{"limited, the only host", 64, 0, 1, func(s *host) { s.limited, s.limit = true, 7 }, 7, 7},
		{"grown above the ceiling", 64, 0, 2, func(s *host) { s.limit = 40 }, 16, 16},
		{"proving", 64, 0, 2, func(s *host) { s.proving, s.limit = true, 9 }, 1, 1},
		{"given up", 64, 0, 2, func(s *host) { s.givenUp, s.limit = true, 9 }, 1, 1},
		{"failing", 64, 0, 2, func(s *host) { s.failures, s.delivered, s.limit = BrokenAfter, true, 9 }, 1, 1},
		{"one failure short of failing", 64, 0, 2, func(s *host) { s.failures, s.delivered, s.limit = BrokenAfter-1, true, 9 }, 9, 16},
		{"no connection yet", 64, 0, 2, func(s *host) { s.failures, s.limit = 1, 9 }, 1, 1},
		{"refused at first", 64, 0, 2, func(s *host) { s.failures, s.limit, s.kind = 1, 9, refused }, 9, 16},
	} {
		g := governor(downloader.Options{Workers: c.workers, PerHost: c.perHost})
		s := named(g, c.hosts)
		c.set(s)
		if usual, spare := g.capacity(s, false), g.capacity(s, true); usual != c.usual || spare != c.spare {
			t.Errorf("%s: %d, to spare %d; want %d, %d", c.name, usual, spare, c.usual, c.spare)
		}
	}
}

// TestGrow counts the successes that each step of a limit takes.
func TestGrow(t *testing.T) {
	g := governor(downloader.Options{Workers: 64})
	s := named(g, 2)
	for want := s.limit + 1; want <= 64; want++ { // one with each success, up to the workers
		if g.grow(s); s.limit != want {
			t.Fatalf("the limit is %d, want %d", s.limit, want)
		}
	}
	if g.grow(s); s.limit != 64 {
		t.Errorf("the limit is %d, above the workers", s.limit)
	}
	s.limit, s.limited, s.enough, s.streak = 2, true, 4, 0
	for _, want := range []int{3, 4} { // fast, until it is enough
		if g.grow(s); s.limit != want || !s.limited {
			t.Errorf("the limit is %d, want %d", s.limit, want)
		}
	}
	for limit := 4; limit < DefaultPerHost; limit++ { // then after growAfter for each in flight
		for range growAfter*limit - 1 {
			if g.grow(s); s.limit != limit {
				t.Fatalf("the limit is %d after %d successes, want %d", s.limit, s.streak, limit)
			}
		}
		if g.grow(s); s.limit != limit+1 || s.limited != (s.limit < DefaultPerHost) {
			t.Fatalf("the limit is %d, limited %v; want %d", s.limit, s.limited, limit+1)
		}
	}
}

// TestGapShrinks checks that a gap shrinks with each success and ends below half of the
// least gap, and that the limit does not grow before.
func TestGapShrinks(t *testing.T) {
	g := governor(downloader.Options{Workers: 64})
	s := named(g, 2)
	s.limit, s.limited, s.enough, s.gap = 1, true, 1, 32*time.Millisecond
	if g.grow(s); s.gap != 31*time.Millisecond {
		t.Errorf("the gap is %v, want 31ms", s.gap)
	}
	n := 1
	for ; s.gap > 0; n++ {
		if g.grow(s); s.gap > 0 && s.gap < leastGap/2 || s.limit != 1 {
			t.Fatalf("after %d successes the gap is %v, the limit %d", n, s.gap, s.limit)
		}
	}
	if n < 50 || n > 70 {
		t.Errorf("the gap ended after %d successes", n)
	}
	if g.grow(s); s.limit != 2 {
		t.Errorf("the limit is %d after the gap has ended, want 2", s.limit)
	}
}

// turned is the task of a first attempt that began at a time.
func turned(g *Governor, s *host, began, now time.Time) (forgiven bool) {
	return g.turnAway(s, &Task{began: began, host: s}, http.StatusServiceUnavailable, now)
}

// TestTurnAway lowers a limit step by step: by half, then with a gap that doubles.
func TestTurnAway(t *testing.T) {
	g := governor(downloader.Options{Workers: 64})
	s := named(g, 2)
	now := time.Now()
	s.limit, s.busy, s.delivered = 12, 11, true
	for i := range crowded - 1 {
		if turned(g, s, now, now) {
			t.Fatalf("forgiven after %d attempts that were turned away", i+1)
		}
	}
	if s.limited {
		t.Error("the limit was lowered without enough evidence")
	}
	for i, want := range []struct {
		limit int
		gap   time.Duration
	}{{6, 0}, {3, 0}, {1, 0}, {1, 10 * time.Millisecond}, {1, 20 * time.Millisecond}, {1, 40 * time.Millisecond}, {1, 80 * time.Millisecond},
		{1, 160 * time.Millisecond}, {1, 320 * time.Millisecond}, {1, 320 * time.Millisecond}} {
		s.streak = 5
		if !turned(g, s, now, now) || s.limit != want.limit || s.gap != want.gap || !s.limited || s.streak != 0 || s.enough != s.limit {
			t.Errorf("step %d: limit %d (enough %d), gap %v; want %d, %v", i, s.limit, s.enough, s.gap, want.limit, want.gap)
		}
		if !turned(g, s, now.Add(-1), now) || s.limit != want.limit || s.gap != want.gap {
			t.Errorf("step %d: an older attempt lowered the limit to %d, the gap to %v", i, s.limit, s.gap)
		}
		s.busy = max(0, s.limit-1)
		now = now.Add(time.Second)
	}
	for i, e := range g.Events() {
		if e.Change != downloader.HostSlower || i == 3 && e.Wait != 10*time.Millisecond {
			t.Errorf("event %d: %+v", i, e)
		}
	}
}

// TestTurnAwayCounts checks when an attempt that was turned away counts for its image.
func TestTurnAwayCounts(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name string
		set  func(*host, *Task)
		want bool
	}{
		{"at the limit", func(*host, *Task) {}, true},
		{"the host has not delivered", func(s *host, _ *Task) { s.delivered = false }, false},
		{"forgiven often", func(_ *host, t *Task) { t.Forgiven = maxForgiven }, false},
		{"forgiven once less", func(_ *host, t *Task) { t.Forgiven = maxForgiven - 1 }, true},
		{"below the limit", func(s *host, _ *Task) { s.busy = 2 }, false},
		{"below the limit, with a gap", func(s *host, _ *Task) { s.busy, s.gap = 2, 1 }, true},
		{"no limit known", func(s *host, _ *Task) { s.limited = false }, false},
		{"crowded", func(s *host, _ *Task) { s.limited, s.turned = false, 0b01010101 }, true},
		{"crowded, but for the ninth last", func(s *host, _ *Task) { s.limited, s.turned = false, 0b10101010 }, false},
		{"not crowded", func(s *host, _ *Task) { s.limited, s.turned = false, 0b00001110 }, false},
		{"not a first attempt", func(s *host, t *Task) { s.limited, s.turned, t.Attempts = false, 0b00001111, 1 }, false},
	} {
		g := governor(downloader.Options{Workers: 64})
		s := named(g, 2)
		s.limit, s.limited, s.busy, s.delivered = 4, true, 3, true
		task := &Task{began: now, host: s}
		c.set(s, task)
		if got := g.turnAway(s, task, http.StatusServiceUnavailable, now); got != c.want {
			t.Errorf("%s: forgiven %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRestart(t *testing.T) {
	for _, c := range []struct {
		limit   int
		limited bool
		enough  int
		gap     time.Duration
	}{{12, true, 6, 0}, {40, true, 8, 0}, {2, true, 1, 0}, {1, true, 1, time.Second}, {3, false, 8, 0}} {
		g := governor(downloader.Options{Workers: 64})
		s := named(g, 2)
		s.limit, s.limited, s.enough, s.gap, s.turned = c.limit, c.limited, 1, c.gap, 0xff
		g.restart(s, time.Now())
		if s.enough != c.enough || s.limit != 1 || !s.limited || s.gap != c.gap || s.turned != 0 {
			t.Errorf("%+v: %d at once, fast to %d, gap %v, turned away %b", c, s.limit, s.enough, s.gap, s.turned)
		}
	}
}

func TestSpacing(t *testing.T) {
	for _, c := range []struct {
		gap, interval, every time.Duration
		want                 time.Duration
	}{{}, {gap: 3, want: 3}, {gap: 1, interval: 2, want: 2}, {interval: 2, every: 5, want: 5}} {
		g := governor(downloader.Options{Workers: 4, Every: c.every})
		s := named(g, 1)
		s.gap, s.interval = c.gap, c.interval
		if got := g.spacing(s); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	g := governor(downloader.Options{Workers: 4, Delay: time.Second})
	s := named(g, 1)
	least, most := time.Hour, time.Duration(0)
	for range 10_000 {
		wait := g.spacing(s)
		least, most = min(least, wait), max(most, wait)
	}
	if least < time.Second/2 || least > 510*time.Millisecond || most >= 3*time.Second/2 || most < 1490*time.Millisecond {
		t.Errorf("with -delay 1s, requests are %v to %v apart, want 500ms to 1.5s", least, most)
	}
	if s.gap = 2 * time.Second; g.spacing(s) != s.gap {
		t.Errorf("the gap of the host does not win over a shorter delay: %v", g.spacing(s))
	}
}

// TestPause checks how long a host that fails is left alone.
func TestPause(t *testing.T) {
	const retryMin, retryMax, longest = 100 * time.Millisecond, 30 * time.Second, 2 * time.Minute
	for _, c := range []struct {
		name        string
		kind        kind
		holds       int
		since       time.Duration // ago
		fresh       bool
		least, most time.Duration
	}{
		{"at first", silent, 0, 0, true, retryMin, retryMin},
		{"after many holds", silent, 30, 0, true, retryMin, retryMax},
		{"refused, with fresh images", refused, 30, 0, true, retryMin, freshPause},
		{"refused, without fresh images", refused, 30, 0, false, retryMin, retryMax},
		{"refused for long", refused, 30, longest, true, retryMin, retryMin},
		{"the last attempt", silent, 30, longest - time.Millisecond, true, time.Millisecond, time.Millisecond},
	} {
		g := governor(downloader.Options{Workers: 4, RetryMin: retryMin, RetryMax: retryMax, RetryAfterMax: longest})
		s := named(g, 1)
		now := time.Now()
		s.kind, s.holds, s.since = c.kind, c.holds, now.Add(-c.since)
		if c.fresh {
			s.fresh.Push(&Task{})
		}
		longestSeen := time.Duration(0)
		for range 200 {
			wait := g.pause(s, now)
			if wait < c.least || wait > c.most {
				t.Fatalf("%s: %v, want %v to %v", c.name, wait, c.least, c.most)
			}
			longestSeen = max(longestSeen, wait)
		}
		if longestSeen < c.most*9/10 {
			t.Errorf("%s: %v at most, want up to %v", c.name, longestSeen, c.most)
		}
	}
}

// TestGivesUp checks the failure with which a host is given up, not the one after.
func TestGivesUp(t *testing.T) {
	const longest = time.Minute
	for _, c := range []struct {
		name string
		set  func(*host)
		want bool
	}{
		{"nobody there, one attempt short", func(s *host) { s.failures = deadAfter - 1 }, false},
		{"nobody there", func(s *host) { s.failures = deadAfter }, true},
		{"timeouts, one short", func(s *host) { s.failures, s.class = deadTimeouts-1, downloader.ClassTimeoutConnect }, false},
		{"timeouts", func(s *host) { s.failures, s.class = deadTimeouts, downloader.ClassTimeoutConnect }, true},
		{"it delivered before", func(s *host) { s.failures, s.delivered = deadAfter, true }, false},
		{"silent for long, one attempt short", func(s *host) { s.kind, s.failures, s.since = silent, BrokenAfter-1, s.since.Add(-longest) }, false},
		{"silent for long", func(s *host) { s.kind, s.failures, s.since = silent, BrokenAfter, s.since.Add(-longest) }, true},
		{"silent, not for long", func(s *host) { s.kind, s.failures, s.since = silent, BrokenAfter, s.since.Add(1-longest) }, false},
		{"refuses all images", func(s *host) { s.kind, s.failures, s.since = refused, BrokenAfter, s.since.Add(-longest) }, true},
		{"refuses, and has others", func(s *host) {
			s.kind, s.failures, s.since = refused, BrokenAfter, s.since.Add(-longest)
			s.paths = deadPaths - 1
			s.fresh.Push(&Task{})
		}, false},
		{"refused a hundred", func(s *host) {
			s.kind, s.failures, s.since = refused, BrokenAfter, s.since.Add(-longest)
			s.paths = deadPaths
			s.fresh.Push(&Task{})
		}, true},
		{"refuses, but delivered", func(s *host) {
			s.kind, s.failures, s.since, s.delivered = refused, BrokenAfter, s.since.Add(-longest), true
		}, false},
	} {
		g := governor(downloader.Options{Workers: 4, RetryAfterMax: longest})
		s := named(g, 1)
		now := time.Now()
		s.since = now
		c.set(s)
		if got := g.givesUp(s, now); got != c.want {
			t.Errorf("%s: given up %v, want %v", c.name, got, c.want)
		}
	}
}

func TestKindOf(t *testing.T) {
	for class, want := range map[downloader.Class]kind{
		downloader.ClassConnect: unreachable, downloader.ClassDNS: unreachable, downloader.ClassTLS: unreachable,
		downloader.ClassProxy: unreachable, downloader.ClassTimeoutConnect: unreachable,
		downloader.ClassHTTP4xx: refused, downloader.ClassHTTP5xx: refused, downloader.ClassRateLimited: refused,
		downloader.ClassTimeoutHeader: silent, downloader.ClassReset: silent, downloader.ClassSlow: silent,
	} {
		if got := kindOf(class); got != want {
			t.Errorf("%s: %d, want %d", class, got, want)
		}
	}
}

func TestTurnedAway(t *testing.T) {
	for _, c := range []struct {
		class  downloader.Class
		status int
		busy   int
		want   bool
	}{
		{downloader.ClassRateLimited, 429, 0, true},
		{downloader.ClassHTTP5xx, 503, 0, true},
		{downloader.ClassHTTP5xx, 500, 9, false},
		{downloader.ClassHTTP4xx, 404, 9, false},
		{downloader.ClassReset, 0, 1, true},
		{downloader.ClassReset, 0, 0, false},
		{downloader.ClassConnect, 0, 1, true},
		{downloader.ClassEmptyReply, 0, 1, true},
		{downloader.ClassTimeoutHeader, 0, 9, false},
	} {
		done := &work.Outcome{Result: downloader.Result{Class: c.class, HTTPStatus: c.status}}
		if got := turnedAway(&host{busy: c.busy}, done); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
