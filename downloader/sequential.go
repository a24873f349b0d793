package downloader

import "context"

// sequential is the mode that the others are measured against, and the plainest
// statement of what all of them do: take an item, fetch it, go on. An item that
// has to wait is fetched when it is due, between two entries of the list or after
// the last.
func (r *run) sequential(taking, working context.Context, src Source, by executor) error {
	if taking.Err() != nil {
		return nil
	}
	var broken error
	for t, err := range r.missing(taking, src) {
		if err != nil {
			broken = err
			break
		}
		r.process(working, 0, by, t)
		r.fetchDue(taking, working, by, r.hosts.full)
		if taking.Err() != nil {
			break
		}
	}
	r.hosts.finishList()
	r.hosts.settle() // the list
	r.fetchDue(taking, working, by, func() bool { return r.hosts.unsettled.Load() > 0 })
	r.endWaiting(working)
	return broken
}

// fetchDue fetches the items that wait no longer, and waits itself while more is
// true.
func (r *run) fetchDue(taking, working context.Context, by executor, more func() bool) {
	for taking.Err() == nil {
		t, wait := r.hosts.next()
		if t != nil {
			r.process(working, 0, by, t)
		} else if !more() || !r.hosts.await(wait, taking.Done()) {
			return
		}
	}
}
