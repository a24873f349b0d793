package hosts

import (
	"bytes"
	"encoding/json"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/work"
)

// refill is how many images come back from the file at once.
const refill = 16

// enqueue makes t wait for its host. An image with an attempt waits until due.
func (g *Governor) enqueue(s *host, t *Task, due time.Time) {
	t.host = s
	full := g.inMemory >= MaxWaiting
	switch {
	case t.Attempts > 0 && !(full && s.givenUp):
		s.tried.Add(t, due)
		if deadline, ok := g.deadline(t); ok && !s.givenUp {
			g.due.Add(t, deadline)
		}
		g.inMemory++
	case (full || s.spilled.Len() > 0) && g.spill(s, t):
	default:
		s.fresh.Push(t)
		g.inMemory++
	}
	g.count(s, 1)
}

// count notes that n more tasks wait for s.
func (g *Governor) count(s *host, n int) {
	s.waiting += n
	g.waiting += n
	if g.given[s] {
		g.hopeless += n
	}
	g.recount(s)
}

// recount brings the sums of the ready tasks up to date.
func (g *Governor) recount(s *host) {
	if ready := g.readyAt(s.at); ready != nil {
		*ready += s.waiting - s.counted
		s.counted = s.waiting
	}
}

func (g *Governor) readyAt(at place) *int {
	switch at {
	case inLive:
		return &g.liveReady
	case inProbes:
		return &g.probeReady
	}
	return nil
}

// dequeue returns the task of s that goes next, if it can go at now: one whose wait is
// over, or one without an attempt. A host that fails is asked for an image that has not
// failed, if there is one: the image may be the cause.
func (g *Governor) dequeue(s *host, now time.Time) *Task {
	var t *Task
	freshFirst := s.failures > 0 && s.hasFresh()
	if s.tried.Len() > 0 && !freshFirst {
		if first, at := s.tried.First(); !now.Before(at) {
			t = first
		}
	}
	if t == nil && s.hasFresh() {
		g.unspill(s)
		if s.fresh.Len() > 0 {
			t = s.fresh.Pop()
			g.inMemory--
			g.count(s, -1)
			return t
		}
	}
	if t != nil {
		g.removeTried(s, t)
	}
	return t
}

// removeTried takes t out of the queues of s.
func (g *Governor) removeTried(s *host, t *Task) {
	s.tried.Remove(t)
	g.due.Remove(t)
	g.inMemory--
	g.count(s, -1)
}

// deadline returns when Options.Timeout ends for a task that has had an attempt.
func (g *Governor) deadline(t *Task) (time.Time, bool) {
	return t.Started.Add(g.opts.Timeout + t.Grown), g.opts.Timeout > 0 && t.Attempts > 0
}

// overdueError is the end of a task whose time is over.
func (g *Governor) overdueError(t *Task) *downloader.Error {
	return &downloader.Error{Class: downloader.ClassDeadline, Reason: work.Overdue(g.opts).Reason + "; the last attempt: " + t.Last.Error}
}

// spilledTask is a task in the file.
type spilledTask struct {
	work.Job
	Read    time.Time           `json:"read"`
	Started time.Time           `json:"started,omitzero"`
	Earlier *downloader.Earlier `json:"earlier,omitempty"`
	Last    *downloader.Result  `json:"last,omitempty"`
	Before  *downloader.Result  `json:"before,omitempty"`
}

// spill moves t to the file, and reports whether it could. If the disk is full, the
// list is not read any further until there is room in memory.
func (g *Governor) spill(s *host, t *Task) bool {
	if g.file == nil {
		file, err := g.openFile()
		if err != nil {
			return false
		}
		g.file = queues.NewFile(file)
	}
	var record bytes.Buffer
	enc := json.NewEncoder(&record)
	enc.SetEscapeHTML(false) // the fields of the list must come back as they are
	err := enc.Encode(spilledTask{t.Job, t.Read, t.Started, t.Earlier, t.Last, t.Before})
	return err == nil && g.file.Push(&s.spilled, record.Bytes()) == nil
}

// unspill brings images of s back from the file if it has none in memory.
func (g *Governor) unspill(s *host) {
	if s.fresh.Len() > 0 {
		return
	}
	for s.spilled.Len() > 0 && g.broken == nil {
		if n := s.fresh.Len(); n >= refill || n > 0 && g.inMemory >= MaxWaiting {
			return
		}
		record, err := g.file.Pop(&s.spilled)
		var r spilledTask
		if err == nil {
			err = json.Unmarshal(record, &r)
		}
		if err != nil {
			g.broken = downloader.LocalFailure(err)
			return
		}
		s.fresh.Push(&Task{Job: r.Job, Read: r.Read, Started: r.Started, Earlier: r.Earlier, Last: r.Last, Before: r.Before, host: s})
		g.inMemory++
	}
}
