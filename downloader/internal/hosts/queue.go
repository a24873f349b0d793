package hosts

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// task is an item between the list and its result.
type Task struct {
	work.Job
	Read  time.Time
	Started time.Time          // first given to an executor
	Rec   downloader.Earlier // of an earlier run
	Last  *downloader.Result // of the attempts so far, if there were any
	host  *host              // counts it as with an executor, or on the way there
	probe bool               // its host is judged by it
	Doom  *downloader.Error  // the end, without another attempt

	queuedFor  *host // whose time it waits for
	due   time.Time
	heapIndex int // in the heap of tasks that wait for a time, from 1; 0: none
}

// again makes t a task of what is left after the attempts that result tells of.
func (t *Task) recordAttempts(result *downloader.Result) {
	last := *result // a copy, so that only what is tried again costs one
	t.Last = &last
	t.Attempts, t.Timing, t.HeaderTimedOut = result.Attempts, result.Timing, result.Class == downloader.ClassTimeoutHeader
}

// deadline returns when the time of an image that was begun is over.
func (h *Governor) deadline(t *Task) (time.Time, bool) {
	return t.Started.Add(h.opts.Timeout), h.opts.Timeout > 0 && t.Attempts > 0
}

func (h *Governor) notAfterDeadline(t *Task, due time.Time) time.Time {
	if deadline, ok := h.deadline(t); ok && deadline.Before(due) {
		return deadline
	}
	return due
}

// holdHost holds s back from now on, at least as long as it asked for.
func (h *Governor) holdBack(s *host, now time.Time, least time.Duration) {
	if !s.heldBack {
		s.heldBack, s.heldSince = true, now
	}
	s.holds++
	wait := work.Backoff(h.opts.RetryMin, h.opts.RetryMax, s.holds+1, rand.Float64())
	if h.crowded() {
		wait = max(wait, s.restUntil.Sub(now))
	}
	if last := s.heldSince.Add(h.opts.RetryAfterMax).Sub(now); last > 0 && last < wait {
		wait = last // the last probe is when it counts
	}
	s.heldUntil = now.Add(max(wait, least))
}

// next returns a task that waits no longer. If there is none, it returns how long
// it is until there will be one, or less than 0 when no time is known.
func (h *Governor) NextDue() (*Task, time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.ready) > 0 {
		t := h.ready[0]
		h.ready = h.ready[1:]
		h.left()
		return t, 0
	}
	if len(h.timed) == 0 {
		return nil, -1
	}
	now, t := time.Now(), h.timed[0]
	if now.Before(t.due) {
		return nil, t.due.Sub(now)
	}
	h.left()
	if deadline, ok := h.deadline(t); ok && !now.Before(deadline) {
		t.Doom = &downloader.Error{Class: downloader.ClassDeadline, Reason: work.Overdue(h.opts).Reason + "; the last attempt: " + t.Last.Error}
	}
	s := t.queuedFor
	if s == nil {
		h.timed.remove(t)
		h.ownWaits--
		return t, 0
	}
	h.dequeue(s, t)
	if t.Doom == nil { // else its deadline came before its turn
		h.start(s, t)
	}
	h.schedule(s)
	return t, 0
}

// leave counts a task that waits no longer.
func (h *Governor) left() {
	h.count--
	if h.count < MaxWaiting/2 {
		h.backlogFull = false
	}
	signal(h.SpaceFreed)
}

// full reports whether no more may be read from the list.
func (h *Governor) Full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count >= MaxWaiting || h.ownWaits >= maxOwnWaits*h.opts.Workers
}

// close returns all tasks that wait, and lets none wait any more.
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

// await waits until next is worth another look, and returns false when it was
// interrupted.
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

// notAgain is the end of a task that an interrupt came before.
func (t *Task) InterruptedError() *downloader.Error {
	if t.Attempts == 0 {
		return work.InterruptedBeforeStart()
	}
	return &downloader.Error{Class: downloader.ClassCanceled, Reason: "interrupted before another attempt; the last one: " + t.Last.Error}
}

// taskHeap has the task that is due first at its top.
type taskHeap []*Task

func (h taskHeap) Len() int { return len(h) }

func (h taskHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }

func (h taskHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].heapIndex, h[j].heapIndex = i+1, j+1
}

// Push implements [heap.Interface].
func (h *taskHeap) Push(x any) {
	t := x.(*Task)
	*h = append(*h, t)
	t.heapIndex = len(*h)
}

// Pop implements [heap.Interface].
func (h *taskHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h, t.heapIndex = (*h)[:last], 0
	return t
}

func (h *taskHeap) add(t *Task, due time.Time) {
	t.due = due
	heap.Push(h, t)
}

// remove takes t out, if it is in.
func (h *taskHeap) remove(t *Task) {
	if t.heapIndex > 0 {
		heap.Remove(h, t.heapIndex-1)
	}
}
