package hosts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// results gives a trial n results, the first of which are good, and says with which one it
// showed that the host has no limit; 0: with none.
func results(p *trial, n, good int) (shown int) {
	for i := range n {
		if p.count(time.Time{}, i < good) {
			return i + 1
		}
	}
	return 0
}

// TestTrial has shares of good results at each limit of what helps, and beyond.
func TestTrial(t *testing.T) {
	for _, c := range []struct {
		first, next int // good ones, of 8 and of 16
		shown       bool
		share       float64
		mostGap     time.Duration
	}{
		{8, 14, false, 1, firstMostGap}, // too few are turned away
		{8, 13, true, 1, firstMostGap},
		{4, 9, true, 0.5, firstMostGap}, {4, 10, false, 0.625, 4 * firstMostGap}, // a quarter better
		{8, 5, true, 1, firstMostGap}, {8, 4, false, 0.25, 4 * firstMostGap}, // nearly none
		{0, 0, false, 0, 4 * firstMostGap}, {0, 12, false, 0.75, 4 * firstMostGap},
	} {
		var p trial
		if shown := results(&p, trialFirst-1, c.first); shown != 0 || p.mostGap != 0 || p.n != 7 {
			t.Errorf("%+v: %+v after seven results", c, p)
		}
		p = trial{}
		if shown := results(&p, trialFirst, c.first); shown != 0 || p.mostGap != firstMostGap || p.share != float64(c.first)/8 || p.n != 0 || p.good != 0 {
			t.Errorf("%+v: %+v after eight results", c, p)
		}
		if shown := results(&p, trialNext, c.next); shown == trialNext != c.shown || !c.shown && shown != 0 || p.share != c.share || p.mostGap != c.mostGap || p.n != 0 || p.good != 0 {
			t.Errorf("%+v: %+v after 16 more, shown with result %d", c, p, shown)
		}
	}
	began := time.Now()
	p := trial{since: began, told: false}
	if p.count(began.Add(-1), true); p.n != 0 {
		t.Error("an older image counts")
	}
	if p.count(began, true); p.n != 1 || p.good != 1 {
		t.Error("an image of this moment does not count")
	}
	p.told = true
	if p.count(began, true); p.n != 1 {
		t.Error("there is a trial of what the host has said")
	}
	if again := p.again(began.Add(1)); again != (trial{since: began.Add(1), told: true}) {
		t.Errorf("%+v", again)
	}
	for _, c := range []struct {
		p         trial
		gap, want time.Duration
	}{
		{trial{}, 0, leastGap}, {trial{}, leastGap / 2, leastGap}, {trial{}, leastGap, 2 * leastGap}, {trial{}, 160 * time.Millisecond, firstMostGap}, {trial{}, 161 * time.Millisecond, firstMostGap},
		{trial{told: true}, 161 * time.Millisecond, 322 * time.Millisecond}, {trial{told: true}, time.Hour, mostGap},
	} {
		if got := c.p.wider(c.gap); got != c.want {
			t.Errorf("%+v: %v comes after %v", c.p, got, c.gap)
		}
	}
}

// TestDeaf has trials in vain. After each, twice as many images that are turned away are
// the host's own fault.
func TestDeaf(t *testing.T) {
	g := governor(downloader.Options{Workers: 64})
	s := named(g, 2)
	task := &Task{host: s}
	for _, want := range []int{64, 128, 256, 512, 1024, 1024} {
		s.limit, s.limited, s.gap, s.turned, s.trial = 1, true, time.Second, 0xff, trial{mostGap: 1, share: 1}
		for range trialNext - 1 {
			if g.judgePace(s, task, false) != false {
				t.Fatal("shown too early")
			}
			s.trial.good = 8 // so that a share is left
		}
		if !g.judgePace(s, task, false) || s.limit != DefaultPerHost || s.limited || s.gap != 0 || s.turned != 0 || s.deaf != want || s.deafFor != want {
			t.Errorf("%+v, want %d", s, want)
		}
		for i := range want {
			if !s.ownFault(503) || s.deaf != want-1-i {
				t.Fatalf("%d of %d: %d are left", i, want, s.deaf)
			}
		}
		if s.ownFault(503) || s.deaf != 0 {
			t.Errorf("after %d: %d are left", want, s.deaf)
		}
	}
	for _, set := range []func(){func() { s.limited = false }, func() { s.limit = 2 }, func() { s.trial.told = true }} {
		s.limit, s.limited, s.trial = 1, true, trial{}
		set()
		if g.judgePace(s, task, true); s.trial.n != 0 {
			t.Errorf("a result counts for no trial: %+v", s.trial)
		}
	}
	s.deaf = 3
	if s.trial.told = false; s.ownFault(429) || !s.trial.told || s.deaf != 3 {
		t.Error("a host that names a limit has no fault")
	}
}

// TestFailed has single failures of a host in each state, and what becomes of the host.
func TestFailed(t *testing.T) {
	const longest = time.Minute
	began := time.Now()
	now := began.Add(time.Second)
	opts := downloader.Options{Workers: 64, RetryMin: time.Second, RetryMax: time.Second, RetryAfterMax: longest}
	for _, c := range []struct {
		name  string
		set   func(*host, *Task)
		class downloader.Class
		asked time.Duration
		want  string // held for, proving, given up, final, failures, images
	}{
		{"the first of a host that delivers", func(s *host, _ *Task) {}, downloader.ClassReset, 0, "0s false false false 1 1"},
		{"a second attempt", func(_ *host, t *Task) { t.Attempts = 1 }, downloader.ClassReset, 0, "0s false false false 1 0"},
		{"the first of another", func(s *host, _ *Task) { s.delivered = false }, downloader.ClassReset, 0, "1s false false false 1 1"},
		{"the first that is refused", func(s *host, _ *Task) { s.delivered = false }, downloader.ClassHTTP4xx, 0, "0s false false false 1 1"},
		{"the ninth", func(s *host, _ *Task) { s.failures = BrokenAfter - 2 }, downloader.ClassReset, 0, "0s false false false 9 1"},
		{"the tenth", func(s *host, _ *Task) { s.failures, s.since = BrokenAfter-1, began }, downloader.ClassReset, 0, "1s false false false 10 1"},
		{"a wish", func(s *host, _ *Task) {}, downloader.ClassHTTP5xx, 3 * time.Second, "3s true false false 1 1"},
		{"a wish of a failing host", func(s *host, _ *Task) { s.failures, s.since = BrokenAfter, began }, downloader.ClassHTTP5xx, time.Millisecond, "1s true false false 11 1"},
		{"a wish while one stands", func(s *host, _ *Task) { s.heldUntil = now.Add(9 * time.Second) }, downloader.ClassHTTP5xx, 3 * time.Second, "9s true false false 1 1"},
		{"the longest wish", func(s *host, _ *Task) {}, downloader.ClassHTTP5xx, longest, "1m0s true false false 1 1"},
		{"a longer wish", func(s *host, _ *Task) {}, downloader.ClassHTTP5xx, longest + 1, "0s false false false 1 1"},
		{"longer wishes, the ninth", func(s *host, _ *Task) { s.failures = BrokenAfter - 2 }, downloader.ClassHTTP5xx, longest + 1, "0s false false false 9 1"},
		{"longer wishes", func(s *host, _ *Task) { s.failures = BrokenAfter - 1 }, downloader.ClassHTTP5xx, longest + 1, "0s false true true 10 1"},
		{"nobody there", func(s *host, _ *Task) { s.delivered, s.failures = false, deadAfter-1 }, downloader.ClassConnect, 0, "0s false true false 5 1"},
		{"nobody there at last", func(s *host, _ *Task) { s.delivered, s.failures, s.lastTry = false, deadAfter-1, true }, downloader.ClassConnect, 0, "0s false true true 5 1"},
		{"given up", func(s *host, _ *Task) { s.givenUp = true }, downloader.ClassHTTP5xx, time.Second, "0s false true false 1 1"},
		{"the last try", func(s *host, _ *Task) { s.givenUp, s.lastTry = true, true }, downloader.ClassHTTP5xx, time.Second, "0s false true true 1 1"},
		{"no trouble", func(s *host, _ *Task) {}, downloader.ClassDeadline, -1, "0s false false false 1 1"},
	} {
		g := governor(opts)
		s := named(g, 2)
		s.delivered = true
		task := &Task{host: s, began: began}
		c.set(s, task)
		done := &work.Outcome{Result: downloader.Result{Class: c.class, HTTPStatus: 500}}
		if c.asked >= 0 {
			done.Trouble = &work.Trouble{OfHost: true, Asked: c.asked}
		}
		g.judge(task, done, now)
		held := max(0, s.heldUntil.Sub(now))
		if s.heldUntil.IsZero() {
			held = 0
		}
		if got := fmt.Sprint(held, s.proving, s.givenUp, s.final, s.failures, s.paths); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if s.failures == 1 && !s.since.Equal(began) || s.class != c.class {
			t.Errorf("%s: since %v, class %s", c.name, s.since, s.class)
		}
	}
}

// TestForgiven has an image that a host at its limit turns away. It does not count as an
// attempt, unless the host is broken, or wants a longer wait than the user has time for.
func TestForgiven(t *testing.T) {
	const longest = time.Minute
	for _, c := range []struct {
		failures int
		asked    time.Duration
		want     bool
	}{{0, 0, true}, {0, longest, true}, {0, longest + 1, false}, {BrokenAfter - 2, 0, true}, {BrokenAfter - 1, 0, false}} {
		g := governor(downloader.Options{Workers: 64, RetryMin: time.Second, RetryMax: time.Second, RetryAfterMax: longest})
		s := named(g, 2)
		s.delivered, s.limited, s.limit, s.gap, s.failures = true, true, 2, time.Second, c.failures
		now := time.Now()
		task := &Task{host: s, began: now}
		done := &work.Outcome{
			Result:  downloader.Result{Class: downloader.ClassRateLimited, HTTPStatus: 429},
			Trouble: &work.Trouble{OfHost: true, Asked: c.asked},
		}
		if got := g.judge(task, done, now); got != c.want {
			t.Errorf("after %d failures, asked for %v: forgiven %t", c.failures, c.asked, got)
		}
	}
}

// TestSucceeded has the first answer after failures of each kind.
func TestSucceeded(t *testing.T) {
	began := time.Now()
	for _, c := range []struct {
		name string
		set  func(*host)
		want string // held, proving, given up, final, failures, paths, holds, limit, hopeless, event
	}{
		{"well", func(s *host) {}, "true false false false 0 0 0 5 -3 []"},
		{"after two failures", func(s *host) { s.failures, s.paths = 2, 2 }, "true false false false 0 0 0 5 -3 []"},
		{"proving", func(s *host) { s.proving, s.heldSince, s.failures = true, began, 1 }, "false false false false 0 0 0 5 -3 []"},
		{"older than the wish", func(s *host) { s.proving, s.heldSince, s.failures = true, began.Add(1), 1 }, "true true false false 1 0 0 4 -3 []"},
		{"held back", func(s *host) { s.holds, s.failures = 2, 12 }, "false false false false 0 0 0 2 -3 [back]"},
		{"given up", func(s *host) { s.givenUp, s.final, s.failures = true, true, 12 }, "true false false false 0 0 0 5 0 []"},
	} {
		g := governor(downloader.Options{Workers: 64})
		s := named(g, 2)
		s.heldUntil, s.limit, s.waiting, g.hopeless = began, 4, -3, -3
		c.set(s)
		g.given[s] = s.givenUp
		g.judge(&Task{host: s, began: began}, &work.Outcome{Result: downloader.Result{Class: downloader.ClassHTTP4xx, Status: downloader.StatusFailed}}, began)
		var events []string
		for _, e := range g.Events() {
			events = append(events, string(e.Change))
		}
		if got := fmt.Sprint(!s.heldUntil.IsZero(), s.proving, s.givenUp, s.final, s.failures, s.paths, s.holds, s.limit, g.hopeless, events); got != c.want || !s.delivered || g.given[s] {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestNetwork holds all back with the twentieth failure in a row, two seconds after the last
// answer.
func TestNetwork(t *testing.T) {
	now := time.Now()
	offline := &work.Outcome{Result: downloader.Result{Class: downloader.ClassDNS, Error: "why"}, Trouble: &work.Trouble{OfHost: true, Offline: true}}
	probe := &Task{}
	for _, c := range []struct {
		name    string
		workers int
		net     network
		done    *work.Outcome
		want    string // away, failures, holds, given, probe, answered now
	}{
		{"19 failures", 10, network{failures: 18, answered: now.Add(-time.Minute)}, offline, "false 19 0 false false false"},
		{"20 failures", 10, network{failures: 19, answered: now.Add(-time.Minute)}, offline, "true 20 1 false false false"},
		{"two each", 11, network{failures: 20, answered: now.Add(-time.Minute)}, offline, "false 21 0 false false false"},
		{"two each, and one more", 11, network{failures: 21, answered: now.Add(-time.Minute)}, offline, "true 22 1 false false false"},
		{"less than two seconds", 1, network{failures: 19, answered: now.Add(1 - 2*time.Second)}, offline, "false 20 0 false false false"},
		{"two seconds", 1, network{failures: 19, answered: now.Add(-2 * time.Second)}, offline, "true 20 1 false false false"},
		{"it never worked", 1, network{failures: 99}, offline, "false 100 0 false false false"},
		{"waited in vain", 1, network{failures: 99, given: true, answered: now.Add(-time.Minute)}, offline, "false 100 0 true false false"},
		{"another fails meanwhile", 1, network{holds: 3, probe: probe, since: now}, offline, "true 1 3 false true false"},
		{"the probe fails", 1, network{holds: 3, probe: nil, since: now}, offline, "true 1 4 false false false"},
		{"the probe fails, the last moment but one", 1, network{holds: 3, since: now.Add(1 - time.Hour)}, offline, "true 1 4 false false false"},
		{"the probe fails at last", 1, network{holds: 3, since: now.Add(-time.Hour)}, offline, "false 0 0 true false false"},
		{"an answer", 1, network{holds: 3, failures: 9, probe: probe}, &work.Outcome{Result: downloader.Result{Class: downloader.ClassHTTP4xx}, Trouble: &work.Trouble{}}, "false 0 0 false false true"},
		{"a disk that is full", 1, network{holds: 3, failures: 9, probe: probe}, &work.Outcome{Result: downloader.Result{Class: downloader.ClassIO}}, "false 9 3 false true false"},
	} {
		g := governor(downloader.Options{Workers: c.workers, RetryMin: time.Second, RetryMax: time.Second, RetryAfterMax: time.Hour})
		g.net, g.waiting = c.net, 7
		task := &Task{host: named(g, 2)}
		if strings.HasPrefix(c.name, "the probe") {
			g.net.probe = task
		}
		away := g.judgeNetwork(task, c.done, now)
		n := g.net
		if got := fmt.Sprint(away, n.failures, n.holds, n.given, n.probe != nil, n.answered.Equal(now)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if held := n.holds > c.net.holds; held != (len(g.events) == 1) || held && (!n.until.Equal(now.Add(time.Second)) || g.events[0].Images != 7 || g.events[0].Wait != time.Second ||
			g.events[0].Reason != "no host can be reached, so the network may be away: why") {
			t.Errorf("%s: until %v, %+v", c.name, n.until.Sub(now), g.events)
		}
		if c.net.holds == 0 && n.holds == 1 && !n.since.Equal(now) {
			t.Errorf("%s: since %v", c.name, n.since)
		}
	}
}

// TestGiveUpErrors quotes what is said of images that are not tried any more.
func TestGiveUpErrors(t *testing.T) {
	last := &downloader.Result{Class: downloader.ClassStall, Error: "it stalls"}
	for _, c := range []struct {
		failures, attempts int
		want               string
	}{
		{1, 0, "connect not tried: a failed: no"}, {2, 0, "connect not tried: a failed 2 times in a row, the last: no"},
		{1, 1, "stall it stalls; not tried again: a failed: no"}, {9, 3, "stall it stalls; not tried again: a failed 9 times in a row, the last: no"},
	} {
		s := &host{name: "a", failures: c.failures, reason: "no", class: downloader.ClassConnect}
		err := s.giveUpError(&Task{Job: work.Job{Attempts: c.attempts}, Last: last})
		if got := string(err.Class) + " " + err.Reason; got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	g := governor(downloader.Options{Timeout: time.Minute})
	if err := g.overdueError(&Task{Last: last}); err.Class != downloader.ClassDeadline || !strings.HasSuffix(err.Reason, "; the last attempt: it stalls") {
		t.Error(err)
	}
	if err := (&Task{Last: last}).InterruptedError(); err.Error() != work.InterruptedBeforeStart().Error() {
		t.Error(err)
	}
	if err := (&Task{Job: work.Job{Attempts: 1}, Last: last}).InterruptedError(); err.Class != downloader.ClassCanceled || err.Reason != "interrupted before another attempt; the last one: it stalls" {
		t.Error(err)
	}
}

// TestFull says when the list is not read on.
func TestFull(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*Governor, *host)
		want bool
	}{
		{"nothing waits", func(*Governor, *host) {}, false},
		{"as many as workers", func(g *Governor, _ *host) { g.liveReady = 8 }, false},
		{"more than workers", func(g *Governor, _ *host) { g.liveReady = 9 }, true},
		{"nearly enough for probes", func(g *Governor, _ *host) { g.probeReady = MaxWaiting - 1 }, false},
		{"enough for probes", func(g *Governor, _ *host) { g.probeReady = MaxWaiting }, true},
		{"nearly no room", func(g *Governor, _ *host) { g.inMemory = 2*MaxWaiting - 1 }, false},
		{"no room", func(g *Governor, _ *host) { g.inMemory = 2 * MaxWaiting }, true},
		{"one of two hosts waits", func(_ *Governor, s *host) { s.waiting = 9 }, false},
		{"the only host has as many as workers", func(g *Governor, s *host) { s.waiting = 8; delete(g.byName, "http://b.test:80") }, false},
	} {
		g := governor(downloader.Options{Workers: 8})
		s := named(g, 2)
		c.set(g, s)
		if got := g.full(); got != c.want {
			t.Errorf("%s: full %t", c.name, got)
		}
	}
	for name, set := range map[string]func(*host){
		"": func(*host) {}, "enough": func(s *host) { s.waiting = 8 }, "failing": func(s *host) { s.failures = 1 }, "proving": func(s *host) { s.proving = true }, "given up": func(s *host) { s.givenUp = true },
	} {
		g := governor(downloader.Options{Workers: 8})
		s := named(g, 1)
		s.waiting = 9
		set(s)
		if got := g.full(); got != (name == "") {
			t.Errorf("the only host waits, %q: full %t", name, got)
		}
	}
}

// TestProbesAllowed bounds the workers and the time of hosts that do not answer.
func TestProbesAllowed(t *testing.T) {
	for _, c := range []struct {
		workers, probing int
		wasted, spent    time.Duration
		want             bool
	}{
		{1, 0, 0, 0, true}, {1, 1, 0, 0, false}, {8, 1, 0, 0, true}, {8, 2, 0, 0, false}, {7, 1, 0, 0, false},
		{8, 0, 5, 100, true}, {8, 0, 5, 99, false},
	} {
		g := governor(downloader.Options{Workers: c.workers})
		g.probing, g.wasted, g.spent = c.probing, c.wasted, c.spent
		if got := g.probesAllowed(); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
	for workers, want := range map[int]int{1: 1, 19: 1, 39: 1, 40: 2, 64: 3} {
		if got := governor(downloader.Options{Workers: workers}).firstLimit(); got != want {
			t.Errorf("%d workers: %d", workers, got)
		}
	}
}
