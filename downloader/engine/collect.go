package engine

import "grab/downloader"

// maxBatch is how many results the journal writes at once, at most.
const maxBatch = 256

// collect writes the results to the journal and passes them to the observers. It takes
// all results together that are there. If one of the two fails, it stops the run.
func (r *run) collect(summary *downloader.Summary, stop func(cause error)) {
	fail := func(err error) {
		if r.broken == nil {
			r.broken = err
			stop(err)
		}
	}
	batch := make([]downloader.Result, 0, maxBatch)
	for {
		result, more := r.receive()
		if !more {
			break
		}
		batch = append(batch[:0], result)
		for len(r.results) > 0 && len(batch) < maxBatch {
			batch = append(batch, <-r.results)
		}
		r.journalBatch(batch, fail)
		for i := range batch {
			result := &batch[i]
			summary.Add(result)
			r.deps.Counters.Count(result.Status)
			for _, o := range r.deps.Observers {
				o.Observe(*result)
			}
			if result.Class.EndsRun() {
				fail(result.Err())
			}
		}
		if len(r.results) == 0 {
			r.flush(fail)
		}
	}
	r.flush(fail)
}

// receive waits for a result, and passes on what becomes of the hosts meanwhile. It
// returns false after the last result.
func (r *run) receive() (downloader.Result, bool) {
	for {
		select {
		case result, more := <-r.results:
			return result, more
		case change := <-r.changes:
			for _, o := range r.deps.Observers {
				if o, ok := o.(downloader.HostObserver); ok {
					o.ObserveHost(change)
				}
			}
		}
	}
}

// journalBatch writes results to the journal before the observers get them. If that
// fails, no image of the batch is ok, even if its file is in its place: the next run
// would not know of it.
func (r *run) journalBatch(batch []downloader.Result, fail func(error)) {
	if r.journal == nil {
		return
	}
	for i := range batch {
		r.journal.Observe(batch[i])
	}
	if err := r.journal.Flush(); err != nil {
		failure := downloader.LocalFailure(err)
		fail(failure)
		for i := range batch {
			if batch[i].Status == downloader.StatusOK {
				batch[i].Fail(failure)
			}
		}
	}
}

// flush flushes the observers that buffer results.
func (r *run) flush(fail func(error)) {
	for _, o := range r.deps.Observers {
		if f, ok := o.(downloader.Flusher); ok {
			if err := f.Flush(); err != nil {
				fail(downloader.LocalFailure(err))
			}
		}
	}
}
