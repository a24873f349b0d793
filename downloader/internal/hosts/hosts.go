package hosts

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// brokenAfter is how many attempts in a row a host fails before its images are
// held back.
const BrokenAfter = 10

// What is kept while it waits. Beyond maxPostponed images, or ownWaits for each
// worker that wait on their own account, the list is not read any further: when
// the whole network is gone a run must not rush through its list. Beyond maxHosts
// those that nothing waits for are forgotten.
const (
	MaxPostponed = 10_000
	ownWaits     = 8
	maxHosts     = 2 * MaxPostponed
)

// hosts decides when an image's host may be asked, and keeps the images that
// have to wait. A host is held back, with all its images, when it asked for it
// (Retry-After) or failed [brokenAfter] attempts in a row. When its time is over
// one image is the probe: if the host answers, the others follow; if not, it is
// held back again, for longer. A host that does not answer for longer than
// Options.RetryAfterMax is given up, and its images with it. What one host may
// have of the workers is in share.go.
//
// It lives in the parent, so that it is the same in every mode.
type Governor struct {
	opts      *downloader.Options
	Unsettled atomic.Int64  // tasks without a result, and the list while it is read
	wake      chan struct{} // something changed that who waits for next should see
	Room      chan struct{} // there is room again

	mu     sync.Mutex
	byName map[string]*host // those of late
	timed  taskHeap         // tasks that wait for a time of their own or their host's
	ready  []*Task          // tasks that were let go
	count  int              // tasks that wait, anywhere
	own    int              // those of them that wait for a time of their own
	listed bool             // nothing of the list is left but what waits
	packed bool             // no more was read for want of room, and there is little yet
	closed bool             // none may wait any longer
}

// host is one that was asked of late.
type host struct {
	name     string
	share    int              // of the workers
	busy     int              // tasks that are with executors, or were let go to them
	rest     time.Time        // its share is nothing before
	failures int              // attempts in a row
	class    downloader.Class // of the last one
	last     string           // the last one's error
	held     bool
	over     bool // given up, which is for good
	holds    int  // in a row
	since    time.Time
	until    time.Time
	probing  bool    // its probe is with an executor
	waiting  []*Task // first come first served
}

func New(opts *downloader.Options) *Governor {
	h := &Governor{opts: opts, byName: map[string]*host{}, wake: make(chan struct{}, 1), Room: make(chan struct{}, 1)}
	h.Unsettled.Store(1)
	return h
}

// hostOf returns the origin of a URL that a Source has found good.
func Origin(url string) string {
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
func (h *Governor) Settle() {
	if h.Unsettled.Add(-1) == 0 {
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
func (h *Governor) Admit(t *Task) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || t.Doom != nil {
		return true
	}
	s := t.host
	if s == nil {
		s = h.hostOf(t)
	}
	switch {
	case t.probe, t.host != nil && !s.held:
		return true // it was let go
	case t.host == nil && len(s.waiting) == 0 && h.free(s):
		h.send(s, t)
		return true
	case t.host != nil: // held back since
		s.busy--
		t.host = nil
	}
	if s.over {
		t.Doom = s.refuse(t)
		return true
	}
	h.hold(s, t)
	return false
}

// hostOf returns what is known of a task's host.
func (h *Governor) hostOf(t *Task) *host {
	name := Origin(t.URL)
	s := h.byName[name]
	if s == nil {
		if len(h.byName) >= maxHosts {
			h.forget()
		}
		s = &host{name: name, share: h.leastShare()}
		h.byName[name] = s
	}
	return s
}

// hold has t wait for its host.
func (h *Governor) hold(s *host, t *Task) {
	h.count++
	t.held = s
	s.waiting = append(s.waiting, t)
	if deadline, ok := h.deadline(t); ok {
		h.timed.add(t, deadline)
	}
	h.schedule(s)
	if h.count >= MaxPostponed && !h.packed {
		h.packed = true
		h.scheduleAll()
	}
}

// schedule lets go those images of s that may, and sets the time of the next.
func (h *Governor) schedule(s *host) {
	for len(s.waiting) > 0 && !s.held && h.free(s) {
		t := s.waiting[0]
		h.pull(s, t)
		h.send(s, t)
		h.ready = append(h.ready, t)
		signal(h.wake)
	}
	if len(s.waiting) == 0 {
		return
	}
	t := s.waiting[0]
	h.timed.remove(t)
	if until, known := h.turn(s); known {
		h.timed.add(t, h.notAfterDeadline(t, until))
	} else if deadline, ok := h.deadline(t); ok {
		h.timed.add(t, deadline)
	}
	signal(h.wake)
}

// turn returns when the first task that waits for s may go, if a time decides that.
func (h *Governor) turn(s *host) (time.Time, bool) {
	if s.held {
		return s.until, !s.probing
	}
	return s.rest, s.busy < h.share(s)
}

// pull takes a task that waits for s out of the queue.
func (h *Governor) pull(s *host, t *Task) {
	h.timed.remove(t)
	t.held = nil
	if s.waiting[0] == t {
		s.waiting = s.waiting[1:]
	} else {
		s.waiting = slices.DeleteFunc(s.waiting, func(other *Task) bool { return other == t })
	}
}

// send counts a task that goes to an executor: the probe, if s is held back.
func (h *Governor) send(s *host, t *Task) {
	s.busy++
	t.host = s
	s.probing, t.probe = s.held, s.held
}

// report takes what came of t, and reports whether t is kept for another attempt.
// One that would have had another attempt and does not get it has its doom.
func (h *Governor) Report(t *Task, done *work.Outcome, took time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	again := done.Trouble != nil && done.Trouble.Again
	if again {
		t.again(&done.Result)
	}
	if h.closed {
		if again {
			t.Doom = t.NotAgain()
		}
		return false
	}
	probe, s := t.probe, t.host
	t.probe, t.host = false, nil
	s.busy--
	if probe {
		s.probing = false
	}
	switch {
	case done.Trouble != nil || done.Result.Class == downloader.ClassDeadline:
		h.troubled(s, done, probe, took)
	case done.Result.Class.SaysNothingOfHost():
	default:
		h.answered(s, probe)
	}
	h.schedule(s)
	switch {
	case !again:
		return false
	case s.over:
		t.Doom = s.refuse(t)
		return false
	case s.held:
		h.hold(s, t)
		return true
	}
	h.count++
	h.own++
	h.timed.add(t, h.notAfterDeadline(t, time.Now().Add(done.Trouble.Wait)))
	signal(h.wake)
	return true
}

// answered counts an image that its host gave, or honestly refused.
func (h *Governor) answered(s *host, probe bool) {
	if s.held && !probe {
		return // it was asked before
	}
	s.failures, s.held, s.over, s.holds, s.rest = 0, false, false, 0, time.Time{}
	s.share = min(s.share+1, h.opts.Workers)
}

// troubled counts a failure of a host.
func (h *Governor) troubled(s *host, done *work.Outcome, probe bool, took time.Duration) {
	now := time.Now()
	s.failures++
	s.class, s.last = done.Result.Class, done.Result.Error
	h.cut(s, now, took)
	if s.over {
		return
	}
	var asked time.Duration
	if done.Trouble != nil {
		asked = done.Trouble.Asked
	}
	gone := asked > h.opts.RetryAfterMax || probe && now.Sub(s.since) >= h.opts.RetryAfterMax
	if asked > h.opts.RetryAfterMax {
		asked = 0 // not to be waited for: one image's answer, until others get it too
	}
	switch {
	case gone && s.failures >= BrokenAfter:
		s.held, s.over = true, true
		h.release(s)
	case probe, !s.held && (asked > 0 || s.failures >= BrokenAfter):
		h.holdHost(s, now, asked)
	case s.held && now.Add(asked).After(s.until): // another image was told to wait longer
		s.until = now.Add(asked)
	}
}

// waitingImages returns how many images wait, for their hosts or on their own account.
func (h *Governor) WaitingImages() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// release lets all tasks go that wait for s, which was given up.
func (h *Governor) release(s *host) {
	for _, t := range s.waiting {
		h.timed.remove(t)
		t.held = nil
	}
	h.ready = append(h.ready, s.waiting...)
	s.waiting = nil
	signal(h.wake)
}

// forget drops the hosts that nothing waits for, those in trouble last.
func (h *Governor) forget() {
	for _, well := range []bool{true, false} {
		for name, s := range h.byName {
			if s.busy == 0 && len(s.waiting) == 0 && well == (s.failures == 0) {
				delete(h.byName, name)
			}
		}
		if len(h.byName) <= maxHosts/2 {
			return
		}
	}
}

// refuse returns the end of a task of a host that was given up.
func (s *host) refuse(t *Task) *downloader.Error {
	why := fmt.Sprintf("%s failed %d times in a row, the last: %s", s.name, s.failures, s.last)
	if s.failures == 1 {
		why = fmt.Sprintf("%s failed: %s", s.name, s.last)
	}
	if t.Attempts > 0 {
		return &downloader.Error{Class: t.Last.Class, Reason: t.Last.Error + "; not tried again: " + why}
	}
	return &downloader.Error{Class: s.class, Reason: "not tried: " + why}
}
