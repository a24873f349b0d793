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
	MaxWaiting = 10_000
	maxOwnWaits     = 8
	maxHosts     = 2 * MaxWaiting
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
	Unfinished atomic.Int64  // tasks without a result, and the list while it is read
	changed      chan struct{} // something changed that who waits for next should see
	SpaceFreed      chan struct{} // there is room again

	mu     sync.Mutex
	byName map[string]*host // those of late
	timed  taskHeap         // tasks that wait for a time of their own or their host's
	ready  []*Task          // tasks that were let go
	count  int              // tasks that wait, anywhere
	ownWaits    int              // those of them that wait for a time of their own
	listDone bool             // nothing of the list is left but what waits
	backlogFull bool             // no more was read for want of room, and there is little yet
	closed bool             // none may wait any longer
}

// host is one that was asked of late.
type host struct {
	name     string
	quota    int              // of the workers
	busy     int              // tasks that are with executors, or were let go to them
	restUntil     time.Time        // its share is nothing before
	failures int              // attempts in a row
	class    downloader.Class // of the last one
	last     string           // the last one's error
	heldBack     bool
	givenUp     bool // given up, which is for good
	holds    int  // in a row
	heldSince    time.Time
	heldUntil    time.Time
	probing  bool    // its probe is with an executor
	waiting  []*Task // first come first served
}

func New(opts *downloader.Options) *Governor {
	h := &Governor{opts: opts, byName: map[string]*host{}, changed: make(chan struct{}, 1), SpaceFreed: make(chan struct{}, 1)}
	h.Unfinished.Store(1)
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
func (h *Governor) Done() {
	if h.Unfinished.Add(-1) == 0 {
		signal(h.changed)
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
	case t.probe, t.host != nil && !s.heldBack:
		return true // it was let go
	case t.host == nil && len(s.waiting) == 0 && h.mayGo(s):
		h.start(s, t)
		return true
	case t.host != nil: // held back since
		s.busy--
		t.host = nil
	}
	if s.givenUp {
		t.Doom = s.giveUpError(t)
		return true
	}
	h.enqueue(s, t)
	return false
}

// hostOf returns what is known of a task's host.
func (h *Governor) hostOf(t *Task) *host {
	name := Origin(t.URL)
	s := h.byName[name]
	if s == nil {
		if len(h.byName) >= maxHosts {
			h.evictIdle()
		}
		s = &host{name: name, quota: h.minQuota()}
		h.byName[name] = s
	}
	return s
}

// hold has t wait for its host.
func (h *Governor) enqueue(s *host, t *Task) {
	h.count++
	t.queuedFor = s
	s.waiting = append(s.waiting, t)
	if deadline, ok := h.deadline(t); ok {
		h.timed.add(t, deadline)
	}
	h.schedule(s)
	if h.count >= MaxWaiting && !h.backlogFull {
		h.backlogFull = true
		h.scheduleAll()
	}
}

// schedule lets go those images of s that may, and sets the time of the next.
func (h *Governor) schedule(s *host) {
	for len(s.waiting) > 0 && !s.heldBack && h.mayGo(s) {
		t := s.waiting[0]
		h.dequeue(s, t)
		h.start(s, t)
		h.ready = append(h.ready, t)
		signal(h.changed)
	}
	if len(s.waiting) == 0 {
		return
	}
	t := s.waiting[0]
	h.timed.remove(t)
	if until, known := h.nextTurn(s); known {
		h.timed.add(t, h.notAfterDeadline(t, until))
	} else if deadline, ok := h.deadline(t); ok {
		h.timed.add(t, deadline)
	}
	signal(h.changed)
}

// turn returns when the first task that waits for s may go, if a time decides that.
func (h *Governor) nextTurn(s *host) (time.Time, bool) {
	if s.heldBack {
		return s.heldUntil, !s.probing
	}
	return s.restUntil, s.busy < h.quotaOf(s)
}

// pull takes a task that waits for s out of the queue.
func (h *Governor) dequeue(s *host, t *Task) {
	h.timed.remove(t)
	t.queuedFor = nil
	if s.waiting[0] == t {
		s.waiting = s.waiting[1:]
	} else {
		s.waiting = slices.DeleteFunc(s.waiting, func(other *Task) bool { return other == t })
	}
}

// send counts a task that goes to an executor: the probe, if s is held back.
func (h *Governor) start(s *host, t *Task) {
	s.busy++
	t.host = s
	s.probing, t.probe = s.heldBack, s.heldBack
}

// report takes what came of t, and reports whether t is kept for another attempt.
// One that would have had another attempt and does not get it has its doom.
func (h *Governor) Finished(t *Task, done *work.Outcome, took time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	again := done.Trouble != nil && done.Trouble.Again
	if again {
		t.recordAttempts(&done.Result)
	}
	if h.closed {
		if again {
			t.Doom = t.InterruptedError()
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
		h.failed(s, done, probe, took)
	case done.Result.Class.SaysNothingOfHost():
	default:
		h.succeeded(s, probe)
	}
	h.schedule(s)
	switch {
	case !again:
		return false
	case s.givenUp:
		t.Doom = s.giveUpError(t)
		return false
	case s.heldBack:
		h.enqueue(s, t)
		return true
	}
	h.count++
	h.ownWaits++
	h.timed.add(t, h.notAfterDeadline(t, time.Now().Add(done.Trouble.Wait)))
	signal(h.changed)
	return true
}

// answered counts an image that its host gave, or honestly refused.
func (h *Governor) succeeded(s *host, probe bool) {
	if s.heldBack && !probe {
		return // it was asked before
	}
	s.failures, s.heldBack, s.givenUp, s.holds, s.restUntil = 0, false, false, 0, time.Time{}
	s.quota = min(s.quota+1, h.opts.Workers)
}

// troubled counts a failure of a host.
func (h *Governor) failed(s *host, done *work.Outcome, probe bool, took time.Duration) {
	now := time.Now()
	s.failures++
	s.class, s.last = done.Result.Class, done.Result.Error
	h.cutQuota(s, now, took)
	if s.givenUp {
		return
	}
	var asked time.Duration
	if done.Trouble != nil {
		asked = done.Trouble.Asked
	}
	gone := asked > h.opts.RetryAfterMax || probe && now.Sub(s.heldSince) >= h.opts.RetryAfterMax
	if asked > h.opts.RetryAfterMax {
		asked = 0 // not to be waited for: one image's answer, until others get it too
	}
	switch {
	case gone && s.failures >= BrokenAfter:
		s.heldBack, s.givenUp = true, true
		h.release(s)
	case probe, !s.heldBack && (asked > 0 || s.failures >= BrokenAfter):
		h.holdBack(s, now, asked)
	case s.heldBack && now.Add(asked).After(s.heldUntil): // another image was told to wait longer
		s.heldUntil = now.Add(asked)
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
		t.queuedFor = nil
	}
	h.ready = append(h.ready, s.waiting...)
	s.waiting = nil
	signal(h.changed)
}

// forget drops the hosts that nothing waits for, those in trouble last.
func (h *Governor) evictIdle() {
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
func (s *host) giveUpError(t *Task) *downloader.Error {
	why := fmt.Sprintf("%s failed %d times in a row, the last: %s", s.name, s.failures, s.last)
	if s.failures == 1 {
		why = fmt.Sprintf("%s failed: %s", s.name, s.last)
	}
	if t.Attempts > 0 {
		return &downloader.Error{Class: t.Last.Class, Reason: t.Last.Error + "; not tried again: " + why}
	}
	return &downloader.Error{Class: s.class, Reason: "not tried: " + why}
}
