// Package hosts decides when an image's host may be asked, and queues the images
// that have to wait.
//
// A host is held back, with all its images, when it asked for that with Retry-After
// or failed [BrokenAfter] attempts in a row. When the time is over, one image is the
// probe. If the host answers, the others follow. If not, the host is held back again,
// for longer. A host that does not answer for longer than Options.RetryAfterMax is
// given up, and its images with it.
//
// All this happens in the parent process, so it is the same in every mode.
package hosts

import (
	"container/heap"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"grab/downloader"
	"grab/downloader/internal/weburl"
	"grab/downloader/internal/work"
)

// Limits of the queue. At [MaxWaiting] images, or at maxOwnWaits for each worker that
// wait on their own account, the list is not read any further: without a network, a
// run must not rush through its list. Above maxHosts, idle hosts are forgotten.
const (
	MaxWaiting  = 10_000
	maxOwnWaits = 8
	maxHosts    = 2 * MaxWaiting
)

// Governor has the state of all hosts of a run, and the queue.
type Governor struct {
	opts       *downloader.Options
	Unfinished atomic.Int64  // tasks without a result, plus one while the list is read
	changed    chan struct{} // NextDue may have a new answer
	SpaceFreed chan struct{} // Full may have a new answer

	mu          sync.Mutex
	byName      map[string]*host // hosts that were asked lately
	timed       taskHeap         // tasks that wait for a time of their own or their host's
	ready       []*Task          // tasks that need not wait any more
	count       int              // waiting tasks, including ready
	ownWaits    int              // those of them that wait for a time of their own
	listDone    bool             // the whole list is with executors, or waits
	backlogFull bool             // reading stopped at MaxWaiting; cleared once the backlog has halved
	closed      bool             // no task may wait any longer
}

// host is what is known of one origin.
type host struct {
	name      string
	quota     int              // executors that its tasks may have at once, when others want some
	busy      int              // tasks that are with executors, or on the way there
	restUntil time.Time        // when others want executors, it gets none before
	failures  int              // failed attempts in a row
	class     downloader.Class // of the last failure
	last      string           // text of the last failure
	heldBack  bool
	givenUp   bool      // for good, unless a probe that is in flight succeeds
	holds     int       // how often in a row it was held back
	heldSince time.Time // start of the first of these
	heldUntil time.Time
	probing   bool    // its probe is with an executor
	waiting   []*Task // first come, first served
}

// Task is an item between the list and its result.
type Task struct {
	work.Job
	Read    time.Time           // when it was read from the list
	Started time.Time           // when an executor first got it
	Earlier *downloader.Earlier // what an earlier run left of it; nil: nothing
	Last    *downloader.Result  // of the attempts so far; nil: there were none

	host      *host // counts the task as busy; nil: none does
	probe     bool  // the host is judged by this task
	queuedFor *host // the task waits for this host; nil: on its own account, or not at all
	due       time.Time
	heapIndex int // in Governor.timed, from 1; 0: not in it
}

// New returns the Governor of a run whose list is about to be read.
func New(opts *downloader.Options) *Governor {
	h := &Governor{opts: opts, byName: map[string]*host{}, changed: make(chan struct{}, 1), SpaceFreed: make(chan struct{}, 1)}
	h.Unfinished.Store(1)
	return h
}

// Origin returns the origin of a URL, which must be one that a Source accepts.
func Origin(url string) string {
	if mapped, err := weburl.Map(url); err == nil {
		url = mapped
	} else if weburl.IsData(url) {
		return "data:"
	}
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

// Done counts a task that has its result, or the list once it is read.
func (h *Governor) Done() {
	if h.Unfinished.Add(-1) == 0 {
		signal(h.changed)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // the receiver has not seen the last signal yet, which is enough
	}
}

// giveUpError returns why t is not tried again, or not at all: its host was given up.
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

// recordAttempts takes over what result says of the attempts so far.
func (t *Task) recordAttempts(result *downloader.Result) {
	last := *result // a copy, so that only tasks with another attempt allocate one
	t.Last = &last
	t.Attempts, t.Timing = result.Attempts, result.Timing
	t.HeaderTimedOut = result.Class == downloader.ClassTimeoutHeader
}

// InterruptedError returns the end of a task that an interrupt keeps from its first
// or next attempt.
func (t *Task) InterruptedError() *downloader.Error {
	if t.Attempts == 0 {
		return work.InterruptedBeforeStart()
	}
	return &downloader.Error{Class: downloader.ClassCanceled, Reason: "interrupted before another attempt; the last one: " + t.Last.Error}
}

// taskHeap is a heap of tasks, with the one that is due first at the top.
type taskHeap []*Task

// Len implements [heap.Interface].
func (h taskHeap) Len() int { return len(h) }

// Less implements [heap.Interface].
func (h taskHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }

// Swap implements [heap.Interface].
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

// remove takes t out of the heap, if it is in it.
func (h *taskHeap) remove(t *Task) {
	if t.heapIndex > 0 {
		heap.Remove(h, t.heapIndex-1)
	}
}
