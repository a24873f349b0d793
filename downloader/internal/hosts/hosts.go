package hosts

import (
	"math/rand/v2"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// BrokenAfter is how many attempts in a row a host fails before its images are held
// back.
const BrokenAfter = 10

// Admit reports whether t may go to an executor now. If not, it queues t, and
// [Governor.NextDue] will return it. If end is not nil, the task's host was given
// up, and end is the task's failure.
func (h *Governor) Admit(t *Task) (admitted bool, end *downloader.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return true, nil
	}
	s := t.host
	if s == nil {
		s = h.hostOf(t)
	}
	switch {
	case t.probe, t.host != nil && !s.heldBack:
		return true, nil // start has counted it already
	case t.host == nil && len(s.waiting) == 0 && h.mayGo(s):
		h.start(s, t)
		return true, nil
	case t.host != nil: // its host has been held back since then
		s.busy--
		t.host = nil
	}
	if s.givenUp {
		return false, s.giveUpError(t)
	}
	h.enqueue(s, t)
	return false, nil
}

// hostOf returns what is known of the host of t.
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

// evictIdle forgets hosts without tasks. Those that have failed come last.
func (h *Governor) evictIdle() {
	for _, healthy := range []bool{true, false} {
		for name, s := range h.byName {
			if s.busy == 0 && len(s.waiting) == 0 && healthy == (s.failures == 0) {
				delete(h.byName, name)
			}
		}
		if len(h.byName) <= maxHosts/2 {
			return
		}
	}
}

// Finished takes what an executor made of t, which had it for the time took. It
// reports whether t is queued for another attempt. If end is not nil, t was to have
// another attempt but does not get it, and end is the task's failure.
func (h *Governor) Finished(t *Task, done *work.Outcome, took time.Duration) (queued bool, end *downloader.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	again := done.Trouble != nil && done.Trouble.Again
	if again {
		t.recordAttempts(&done.Result)
	}
	if h.closed {
		if again {
			end = t.InterruptedError()
		}
		return false, end
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
		return false, nil
	case s.givenUp:
		return false, s.giveUpError(t)
	case s.heldBack:
		h.enqueue(s, t)
	default:
		h.enqueueAlone(t, time.Now().Add(done.Trouble.Wait))
	}
	return true, nil
}

// succeeded counts an image that the host delivered, or refused with a clear answer.
func (h *Governor) succeeded(s *host, probe bool) {
	if s.heldBack && !probe {
		return // the request is older than the hold
	}
	s.failures, s.heldBack, s.givenUp, s.holds, s.restUntil = 0, false, false, 0, time.Time{}
	s.quota = min(s.quota+1, h.opts.Workers)
}

// failed counts a failure of a host, and decides whether to hold it back or give it up.
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
		asked = 0 // too long to wait for; it counts for one image, until others get the same answer
	}
	switch {
	case gone && s.failures >= BrokenAfter:
		s.heldBack, s.givenUp = true, true
		h.releaseAll(s)
	case probe, !s.heldBack && (asked > 0 || s.failures >= BrokenAfter):
		h.holdBack(s, now, asked)
	case s.heldBack && now.Add(asked).After(s.heldUntil): // the host asked another image for a longer wait
		s.heldUntil = now.Add(asked)
	}
}

// holdBack holds s back from now on, at least for the time that it asked for.
func (h *Governor) holdBack(s *host, now time.Time, atLeast time.Duration) {
	if !s.heldBack {
		s.heldBack, s.heldSince = true, now
	}
	s.holds++
	wait := work.Backoff(h.opts.RetryMin, h.opts.RetryMax, s.holds+1, rand.Float64())
	if h.crowded() {
		wait = max(wait, s.restUntil.Sub(now))
	}
	if last := s.heldSince.Add(h.opts.RetryAfterMax).Sub(now); last > 0 && last < wait {
		wait = last // the last probe comes when RetryAfterMax ends
	}
	s.heldUntil = now.Add(max(wait, atLeast))
}

// releaseAll makes all tasks of s ready, which was given up: Admit will end them.
func (h *Governor) releaseAll(s *host) {
	for _, t := range s.waiting {
		h.timed.remove(t)
		t.queuedFor = nil
	}
	h.ready = append(h.ready, s.waiting...)
	s.waiting = nil
	signal(h.changed)
}
