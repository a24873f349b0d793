package engine

import (
	"context"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// sequential is the mode that the others are measured against, and the plainest
// statement of what all of them do: take an item, fetch it, go on. An item that
// has to wait is fetched when it is due, between two entries of the list or after
// the last.
func (r *run) sequential(taking, working context.Context, src downloader.Source, by work.Executor) error {
	if taking.Err() != nil {
		return nil
	}
	var broken error
	for t, err := range r.missing(taking, src) {
		if err != nil {
			broken = err
			break
		}
		r.handle(working, 0, by, t)
		r.fetchDue(taking, working, by, r.hosts.Full)
		if taking.Err() != nil {
			break
		}
	}
	r.hosts.FinishList()
	r.hosts.Done() // the list
	r.fetchDue(taking, working, by, func() bool { return r.hosts.Unfinished.Load() > 0 })
	r.endWaiting(working)
	return broken
}

// fetchDue fetches the items that wait no longer, and waits itself while more is
// true.
func (r *run) fetchDue(taking, working context.Context, by work.Executor, more func() bool) {
	for taking.Err() == nil {
		t, wait := r.hosts.NextDue()
		if t != nil {
			r.handle(working, 0, by, t)
		} else if !more() || !r.hosts.Await(wait, taking.Done()) {
			return
		}
	}
}
