package downloader

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// task is an item between the list and its result.
type task struct {
	job
	read  time.Time
	begun time.Time // first given to an executor
	rec   Record    // of an earlier run
	last  *Result   // of the attempts so far, if there were any
	host  *host     // counts it as with an executor, or on the way there
	probe bool      // its host is judged by it
	doom  *Error    // the end, without another attempt

	held  *host // whose time it waits for
	due   time.Time
	place int // in the heap of tasks that wait for a time, from 1; 0: none
}

func (r *run) newTask(item Item) *task {
	r.hosts.unsettled.Add(1)
	return &task{job: job{Item: item}, read: time.Now()}
}

// again makes t a task of what is left after the attempts that result tells of.
func (t *task) again(result *Result) {
	last := *result // a copy, so that only what is tried again costs one
	t.last = &last
	t.Attempts, t.Timing, t.Unheard = result.Attempts, result.Timing, result.Class == ClassTimeoutHeader
}

// deadline returns when the time of an image that was begun is over.
func (h *hosts) deadline(t *task) (time.Time, bool) {
	return t.begun.Add(h.opts.Timeout), h.opts.Timeout > 0 && t.Attempts > 0
}

func (h *hosts) notAfterDeadline(t *task, due time.Time) time.Time {
	if deadline, ok := h.deadline(t); ok && deadline.Before(due) {
		return deadline
	}
	return due
}

// holdHost holds s back from now on, at least as long as it asked for.
func (h *hosts) holdHost(s *host, now time.Time, least time.Duration) {
	if !s.held {
		s.held, s.since = true, now
	}
	s.holds++
	wait := backoff(h.opts.RetryMin, h.opts.RetryMax, s.holds+1, rand.Float64())
	if h.crowded() {
		wait = max(wait, s.rest.Sub(now))
	}
	if last := s.since.Add(h.opts.RetryAfterMax).Sub(now); last > 0 && last < wait {
		wait = last // the last probe is when it counts
	}
	s.until = now.Add(max(wait, least))
}

// next returns a task that waits no longer. If there is none, it returns how long
// it is until there will be one, or less than 0 when no time is known.
func (h *hosts) next() (*task, time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.ready) > 0 {
		t := h.ready[0]
		h.ready = h.ready[1:]
		h.leave()
		return t, 0
	}
	if len(h.timed) == 0 {
		return nil, -1
	}
	now, t := time.Now(), h.timed[0]
	if now.Before(t.due) {
		return nil, t.due.Sub(now)
	}
	h.leave()
	if deadline, ok := h.deadline(t); ok && !now.Before(deadline) {
		t.doom = &Error{Class: ClassDeadline, Reason: overdue(h.opts).Reason + "; the last attempt: " + t.last.Error}
	}
	s := t.held
	if s == nil {
		h.timed.remove(t)
		h.own--
		return t, 0
	}
	h.pull(s, t)
	if t.doom == nil { // else its deadline came before its turn
		h.send(s, t)
	}
	h.schedule(s)
	return t, 0
}

// leave counts a task that waits no longer.
func (h *hosts) leave() {
	h.count--
	if h.count < maxPostponed/2 {
		h.packed = false
	}
	signal(h.room)
}

// full reports whether no more may be read from the list.
func (h *hosts) full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count >= maxPostponed || h.own >= ownWaits*h.opts.Workers
}

// close returns all tasks that wait, and lets none wait any more.
func (h *hosts) close() []*task {
	h.mu.Lock()
	defer h.mu.Unlock()
	tasks := slices.Concat(h.ready, h.timed)
	for _, s := range h.byName {
		for _, t := range s.waiting {
			if t.place == 0 {
				tasks = append(tasks, t)
			}
		}
	}
	h.closed, h.ready, h.timed, h.byName, h.count = true, nil, nil, map[string]*host{}, 0
	h.own = 0
	signal(h.room)
	return tasks
}

// dispatch hands out the tasks that wait no longer until each has its result, and
// those that still wait when no more are taken their end. It closes due.
func (r *run) dispatch(taking, working context.Context, due chan<- *task) {
	defer close(due)
	for interrupt := taking.Done(); ; {
		t, wait := r.hosts.next()
		switch {
		case t != nil && t.doom != nil:
			r.end(working, t, t.doom)
			continue
		case t != nil:
			select {
			case due <- t:
			case <-interrupt:
				r.end(working, t, t.notAgain())
			}
			continue
		case r.hosts.unsettled.Load() == 0:
			return
		}
		if !r.hosts.await(wait, interrupt) {
			interrupt = nil
			r.endWaiting(working)
		}
	}
}

// await waits until next is worth another look, and returns false when it was
// interrupted.
func (h *hosts) await(wait time.Duration, interrupt <-chan struct{}) bool {
	var timer <-chan time.Time
	if wait >= 0 {
		timer = time.After(wait)
	}
	select {
	case <-interrupt:
		return false
	case <-timer:
	case <-h.wake:
	}
	return true
}

// endWaiting ends all tasks that wait, and lets none wait any more.
func (r *run) endWaiting(ctx context.Context) {
	for _, t := range r.hosts.close() {
		r.end(ctx, t, t.notAgain())
	}
}

// notAgain is the end of a task that an interrupt came before.
func (t *task) notAgain() *Error {
	if t.Attempts == 0 {
		return notBegun()
	}
	return &Error{Class: ClassCanceled, Reason: "interrupted before another attempt; the last one: " + t.last.Error}
}

// taskHeap has the task that is due first at its top.
type taskHeap []*task

func (h taskHeap) Len() int           { return len(h) }
func (h taskHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }
func (h taskHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i+1, j+1
}

// Push implements [heap.Interface].
func (h *taskHeap) Push(x any) {
	t := x.(*task)
	*h = append(*h, t)
	t.place = len(*h)
}

// Pop implements [heap.Interface].
func (h *taskHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h, t.place = (*h)[:last], 0
	return t
}

func (h *taskHeap) add(t *task, due time.Time) {
	t.due = due
	heap.Push(h, t)
}

// remove takes t out, if it is in.
func (h *taskHeap) remove(t *task) {
	if t.place > 0 {
		heap.Remove(h, t.place-1)
	}
}
