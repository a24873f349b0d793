package downloader

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// brokenAfter is how many attempts in a row a host fails before its images are
// held back.
const brokenAfter = 10

// What is kept while it waits. Beyond maxPostponed images, or ownWaits for each
// worker that wait on their own account, the list is not read any further: when
// the whole network is gone a run must not rush through its list. Beyond maxHosts
// those that nothing waits for are forgotten.
const (
	maxPostponed = 10_000
	ownWaits     = 8
	maxHosts     = 2 * maxPostponed
)

// hosts decides when an image's host may be asked, and keeps the images that
// have to wait. A host is held back, with all its images, when it asked for it
// (Retry-After) or failed [brokenAfter] attempts in a row. When its time is over
// one image is the probe: if the host answers, the others follow; if not, it is
// held back again, for longer. A host that does not answer for longer than
// Options.RetryAfterMax is given up, and its images with it.
//
// It lives in the parent, so that it is the same in every mode.
type hosts struct {
	opts      *Options
	unsettled atomic.Int64  // tasks without a result, and the list while it is read
	wake      chan struct{} // something changed that who waits for next should see
	room      chan struct{} // there is room again

	mu     sync.Mutex
	byName map[string]*host // only those in trouble
	timed  taskHeap         // tasks that wait for a time of their own or their host's
	ready  []*task          // tasks whose host may be asked again
	count  int              // tasks that wait, anywhere
	own    int              // those of them that wait for a time of their own
	closed bool             // none may wait any longer
}

// host is one that failed lately.
type host struct {
	name     string
	failures int    // attempts in a row
	class    Class  // of the last one
	last     string // the last one's error
	held     bool
	over     bool // given up, which is for good
	holds    int  // in a row
	since    time.Time
	until    time.Time
	probing  bool    // its probe is with an executor
	next     *task   // the probe to be, when the time has come
	waiting  []*task // the others, first come first served
}

func newHosts(opts *Options) *hosts {
	h := &hosts{opts: opts, byName: map[string]*host{}, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
	h.unsettled.Store(1)
	return h
}

// hostOf returns the origin of a URL that a Source has found good.
func hostOf(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	if end := strings.IndexAny(rest, "/?#\\"); end >= 0 {
		rest = rest[:end]
	}
	name := strings.ToLower(rest[strings.LastIndexByte(rest, '@')+1:])
	if scheme = strings.ToLower(scheme); scheme == "https" {
		return "https://" + strings.TrimSuffix(name, ":443")
	}
	return scheme + "://" + strings.TrimSuffix(name, ":80")
}

// settle counts a task that has its result, or the list when it is read.
func (h *hosts) settle() {
	if h.unsettled.Add(-1) == 0 {
		signal(h.wake)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it will be seen
	}
}

// admit reports whether t may go to an executor now, and keeps it otherwise. A
// task of a host that was given up goes nowhere but to its end: it has a doom.
func (h *hosts) admit(t *task) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.byName) == 0 || h.closed || t.probe || t.doom != nil {
		return true
	}
	s := h.byName[hostOf(t.URL)]
	if s == nil || !s.held {
		return true
	}
	if s.over {
		t.doom = s.refuse(t)
		return true
	}
	if !s.probing && s.next == nil && !time.Now().Before(s.until) {
		s.probing, t.probe = true, true
		return true
	}
	h.hold(s, t)
	return false
}

// hold has t wait for its host.
func (h *hosts) hold(s *host, t *task) {
	h.count++
	t.held = s
	s.waiting = append(s.waiting, t)
	if deadline, ok := h.deadline(t); ok {
		h.timed.add(t, deadline)
	}
	h.schedule(s)
}

// schedule chooses the next probe of a host that has none.
func (h *hosts) schedule(s *host) {
	if s.probing || s.next != nil || len(s.waiting) == 0 {
		return
	}
	s.next = s.waiting[0]
	s.waiting = s.waiting[1:]
	h.timed.remove(s.next)
	h.timed.add(s.next, h.notAfterDeadline(s.next, s.until))
	signal(h.wake)
}

// report takes what came of t, and reports whether t is kept for another attempt.
// One that would have had another attempt and does not get it has its doom.
func (h *hosts) report(t *task, done *fetched) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	probe := t.probe
	t.probe = false
	again := done.Trouble != nil && done.Trouble.Again
	if len(h.byName) == 0 && done.Trouble == nil && done.Result.Class != ClassDeadline {
		return false
	}
	now, s := time.Now(), h.byName[hostOf(t.URL)]
	switch {
	case done.Trouble != nil || done.Result.Class == ClassDeadline:
		s = h.troubled(s, t, done, probe, now)
	case s == nil:
		return false
	case done.Result.Class.local():
		if probe { // it says nothing about the host: another one's turn
			s.probing = false
			h.schedule(s)
		}
	case probe || !s.held:
		h.release(s)
		delete(h.byName, s.name)
	}
	if !again {
		return false
	}
	switch t.again(&done.Result); {
	case h.closed:
		t.doom = t.notAgain()
		return false
	case s.over:
		t.doom = s.refuse(t)
		return false
	case s.held:
		h.hold(s, t)
		return true
	}
	h.count++
	h.own++
	h.timed.add(t, h.notAfterDeadline(t, now.Add(done.Trouble.Wait)))
	signal(h.wake)
	return true
}

// troubled counts a failure of a host, and returns what is known of it.
func (h *hosts) troubled(s *host, t *task, done *fetched, probe bool, now time.Time) *host {
	if s == nil {
		s = &host{name: hostOf(t.URL)}
		if len(h.byName) >= maxHosts {
			h.forget()
		}
		h.byName[s.name] = s
	}
	s.failures++
	s.class, s.last = done.Result.Class, done.Result.Error
	if s.over {
		return s
	}
	var asked time.Duration
	if done.Trouble != nil {
		asked = done.Trouble.Asked
	}
	if probe {
		s.probing = false
	}
	gone := asked > h.opts.RetryAfterMax || probe && now.Sub(s.since) >= h.opts.RetryAfterMax
	if asked > h.opts.RetryAfterMax {
		asked = 0 // not to be waited for: one image's answer, until others get it too
	}
	switch {
	case gone && s.failures >= brokenAfter:
		s.held, s.over = true, true
		h.release(s)
	case probe, !s.held && (asked > 0 || s.failures >= brokenAfter):
		h.holdHost(s, now, asked)
	case s.held && now.Add(asked).After(s.until): // another image was told to wait longer
		s.until = now.Add(asked)
		if s.next != nil {
			h.timed.remove(s.next)
			h.timed.add(s.next, h.notAfterDeadline(s.next, s.until))
		}
	}
	return s
}

// release lets all tasks go on that wait for s.
func (h *hosts) release(s *host) {
	if s.next != nil {
		s.waiting = append([]*task{s.next}, s.waiting...)
	}
	for _, t := range s.waiting {
		h.timed.remove(t)
		t.held = nil
	}
	h.ready = append(h.ready, s.waiting...)
	s.next, s.waiting = nil, nil
	signal(h.wake)
}

// forget drops the hosts that nothing waits for.
func (h *hosts) forget() {
	for name, s := range h.byName {
		if s.next == nil && len(s.waiting) == 0 && !s.probing {
			delete(h.byName, name)
		}
	}
}

// refuse returns the end of a task of a host that was given up.
func (s *host) refuse(t *task) *Error {
	why := fmt.Sprintf("%s failed %d times in a row, the last: %s", s.name, s.failures, s.last)
	if s.failures == 1 {
		why = fmt.Sprintf("%s failed: %s", s.name, s.last)
	}
	if t.Attempts > 0 {
		return &Error{Class: t.last.Class, Reason: t.last.Error + "; not tried again: " + why}
	}
	return &Error{Class: s.class, Reason: "not tried: " + why}
}
