// Package hosts is the governor: it decides when which host may be asked, and keeps the
// images that have to wait. It runs in the parent process, so it is the same in every
// mode. docs/POLITENESS.md explains its rules to users.
//
// The reader of the list calls [Governor.Add], a worker [Governor.Next] and, with what it
// made of the task, [Governor.Finished].
package hosts

import (
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// Add takes a task from the list. It returns false if it takes no more, after
// [Governor.Close] or a failure: then the caller ends the task.
func (g *Governor) Add(t *Task) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.unfinished++
	if g.closed {
		return false
	}
	now := time.Now()
	g.lastAdd = now
	s := g.hostOf(t.Item)
	g.enqueue(s, t, now)
	g.place(s, now)
	return true
}

// WaitForRoom returns when more of the list may be read. That is not so while the workers
// have enough to do.
func (g *Governor) WaitForRoom() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.full() && !g.closed {
		g.room.Wait()
		g.lastAdd = time.Now()
	}
}

// FinishList is called when the last entry of the list was added.
func (g *Governor) FinishList() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.listDone = true
	g.unfinished--
	g.work.Broadcast()
}

// Next waits for a task that may go. If end is not nil, the task gets no further attempt,
// and end is its failure. It returns nil when each task has its result, or after
// [Governor.Close].
func (g *Governor) Next() (t *Task, end *downloader.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for {
		t, end, more := g.try(time.Since(g.lastAdd) >= patience)
		if t != nil || !more {
			return t, end
		}
		g.work.Wait()
	}
}

// TryNext is Next, but returns nil rather than wait: for a worker that reads the list
// itself.
func (g *Governor) TryNext() (t *Task, end *downloader.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t, end, _ = g.try(false)
	return t, end
}

func (g *Governor) try(listWaits bool) (t *Task, end *downloader.Error, more bool) {
	if g.closed || g.unfinished == 0 {
		return nil, nil, false
	}
	now := time.Now()
	t, end = g.pick(now, listWaits)
	if g.broken != nil {
		g.close()
		return t, end, false
	}
	if t == nil {
		g.setAlarm(now)
	} else if g.live.Len()+g.probes.Len()+g.failing.Len()+g.spare.Len()+g.lost.Len() > 0 {
		g.work.Signal() // each worker that found a task wakes the next
	}
	if !g.full() {
		g.room.Signal()
	}
	return t, end, true
}

// Finished takes what an executor made of t. It reports whether t waits for another
// attempt. If end is not nil, t was to have one, but an interrupt came, and end is its
// failure.
func (g *Governor) Finished(t *Task, done *work.Outcome) (again bool, end *downloader.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	s := t.host
	s.busy--
	g.busy--
	if t.probe {
		g.probing--
	}
	g.spent += now.Sub(t.began)
	if done.Trouble != nil && done.Trouble.OfHost {
		g.wasted += now.Sub(t.began)
	}
	if wait := g.spacing(s); wait > 0 && done.Repeats > 0 {
		s.nextAt = later(s.nextAt, now).Add(time.Duration(done.Repeats) * wait)
	}
	again = done.Trouble != nil && done.Trouble.Again
	if !g.closed && g.judge(t, done, now) {
		again = true
		t.Forgiven++
	}
	if again {
		t.recordAttempts(&done.Result)
		t.Grown = done.Grown
		if g.closed {
			return false, t.InterruptedError()
		}
		wait := max(done.Trouble.Wait, g.opts.RetryMin)
		g.enqueue(s, t, now.Add(wait))
		g.reportRetry(t, wait)
	}
	g.place(s, now)
	g.work.Signal()
	return again, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// SetInterval sets the least time from one request to the next for the host of t, which a
// worker has.
func (g *Governor) SetInterval(t *Task, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := t.host; s.interval != wait {
		s.interval = wait
		s.nextAt = time.Now().Add(g.spacing(s))
		g.place(s, time.Now())
	}
}

// recordAttempts takes over what result says of the attempts so far.
func (t *Task) recordAttempts(result *downloader.Result) {
	last := *result // a copy, so that only tasks with another attempt allocate one
	t.Last = &last
	t.Attempts, t.Timing = result.Attempts, result.Timing
	t.HeaderTimedOut = result.Class == downloader.ClassTimeoutHeader
}

// Done counts a task that has its result.
func (g *Governor) Done() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.unfinished--; g.unfinished == 0 {
		g.work.Broadcast()
	}
}

// Close ends all waiting, and passes the tasks that wait to end. From then on no task is
// handed out, and Add takes none.
func (g *Governor) Close(end func(*Task)) {
	g.mu.Lock()
	g.close()
	g.mu.Unlock()
	for _, s := range g.byName { // nobody changes the map any more
		for t := g.drain(s); t != nil; t = g.drain(s) {
			end(t)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.file != nil {
		_ = g.file.Close()
		g.file = nil
	}
}

func (g *Governor) close() {
	g.closed = true
	g.alarm.Stop()
	g.work.Broadcast()
	g.room.Broadcast()
}

// drain returns a task that waits for s, or nil.
func (g *Governor) drain(s *host) *Task {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.tried.Len() > 0 {
		t, _ := s.tried.First()
		g.removeTried(s, t)
		return t
	}
	if s.waiting == 0 {
		return nil
	}
	return g.dequeue(s, time.Now())
}

// Err returns why the queue could not be kept. Then the run must end.
func (g *Governor) Err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.broken == nil {
		return nil
	}
	return g.broken
}

// Waiting returns how many images wait.
func (g *Governor) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting
}
