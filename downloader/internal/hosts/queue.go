package hosts

import (
	"maps"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// enqueue makes t wait for its host.
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

// dequeue takes t out of the queue of s.
func (h *Governor) dequeue(s *host, t *Task) {
	h.timed.remove(t)
	t.queuedFor = nil
	if s.waiting[0] == t {
		s.waiting = s.waiting[1:]
	} else {
		s.waiting = slices.DeleteFunc(s.waiting, func(other *Task) bool { return other == t })
	}
}

// enqueueAlone makes t wait for a time of its own, whatever its host does.
func (h *Governor) enqueueAlone(t *Task, due time.Time) {
	h.count++
	h.ownWaits++
	h.timed.add(t, h.notAfterDeadline(t, due))
	signal(h.changed)
}

// start counts a task that goes to an executor. If s is held back, it is the probe.
func (h *Governor) start(s *host, t *Task) {
	s.busy++
	t.host = s
	s.probing, t.probe = s.heldBack, s.heldBack
}

// schedule makes those tasks of s ready that may go now, and sets a time for the next.
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

// scheduleAll schedules all hosts when the quotas end. The host with the most tasks
// comes last, since it may keep the executors for long.
func (h *Governor) scheduleAll() {
	waiting := slices.DeleteFunc(slices.Collect(maps.Values(h.byName)), func(s *host) bool { return len(s.waiting) == 0 })
	slices.SortFunc(waiting, func(a, b *host) int { return len(a.waiting) - len(b.waiting) })
	for _, s := range waiting {
		h.schedule(s)
	}
}

// nextTurn returns when the first task that waits for s may go. It returns false if
// that does not depend on a time.
func (h *Governor) nextTurn(s *host) (time.Time, bool) {
	if s.heldBack {
		return s.heldUntil, !s.probing
	}
	return s.restUntil, s.busy < h.quotaOf(s)
}

// deadline returns when Options.Timeout ends for a task that has had an attempt.
func (h *Governor) deadline(t *Task) (time.Time, bool) {
	return t.Started.Add(h.opts.Timeout), h.opts.Timeout > 0 && t.Attempts > 0
}

func (h *Governor) notAfterDeadline(t *Task, due time.Time) time.Time {
	if deadline, ok := h.deadline(t); ok && deadline.Before(due) {
		return deadline
	}
	return due
}

// NextDue returns a task that need not wait any more. If end is not nil, the task's
// deadline has passed, and end is its failure. If there is no such task, wait is the
// time until there will be one, or negative if that is not known.
func (h *Governor) NextDue() (t *Task, end *downloader.Error, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.ready) > 0 {
		t := h.ready[0]
		h.ready = h.ready[1:]
		h.left()
		return t, nil, 0
	}
	if len(h.timed) == 0 {
		return nil, nil, -1
	}
	now := time.Now()
	if t = h.timed[0]; now.Before(t.due) {
		return nil, nil, t.due.Sub(now)
	}
	h.left()
	if deadline, ok := h.deadline(t); ok && !now.Before(deadline) {
		end = &downloader.Error{Class: downloader.ClassDeadline, Reason: work.Overdue(h.opts).Reason + "; the last attempt: " + t.Last.Error}
	}
	s := t.queuedFor
	if s == nil {
		h.timed.remove(t)
		h.ownWaits--
		return t, end, 0
	}
	h.dequeue(s, t)
	if end == nil {
		h.start(s, t)
	}
	h.schedule(s)
	return t, end, 0
}

// left counts a task that has left the queue.
func (h *Governor) left() {
	h.count--
	if h.count < MaxWaiting/2 {
		h.backlogFull = false
	}
	signal(h.SpaceFreed)
}

// Full reports whether no more of the list may be read for now.
func (h *Governor) Full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count >= MaxWaiting || h.ownWaits >= maxOwnWaits*h.opts.Workers
}

// WaitingImages returns how many images wait, for their hosts or on their own account.
func (h *Governor) WaitingImages() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

// FinishList is called when the last entry of the list is with an executor, or waits.
// Then no host has to leave executors to entries that are still to come.
func (h *Governor) FinishList() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.listDone {
		h.listDone = true
		h.scheduleAll()
	}
}

// Await waits until NextDue may have a new answer: for the time that it returned, if
// that is not negative, or until something changes. It returns false if interrupt
// came first.
func (h *Governor) Await(wait time.Duration, interrupt <-chan struct{}) bool {
	var timer <-chan time.Time
	if wait >= 0 {
		timer = time.After(wait)
	}
	select {
	case <-interrupt:
		return false
	case <-timer:
	case <-h.changed:
	}
	return true
}

// Close returns all waiting tasks. From then on, no task waits.
func (h *Governor) Close() []*Task {
	h.mu.Lock()
	defer h.mu.Unlock()
	tasks := slices.Concat(h.ready, h.timed)
	for _, s := range h.byName {
		for _, t := range s.waiting {
			if t.heapIndex == 0 {
				tasks = append(tasks, t)
			}
		}
	}
	h.closed, h.ready, h.timed, h.byName, h.count = true, nil, nil, map[string]*host{}, 0
	h.ownWaits = 0
	signal(h.SpaceFreed)
	return tasks
}
