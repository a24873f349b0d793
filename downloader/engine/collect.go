package engine

import (
	"grab/downloader"
)

// together is how many results are kept with one write, at most.
const maxBatch = 256

// collect keeps the results and passes them on, those that wait together. It stops
// the run when they cannot be kept.
func (r *run) collect(summary *downloader.Summary, stop func(cause error)) {
	fail := func(err error) {
		if r.broken == nil {
			r.broken = err
			stop(err)
		}
	}
	batch := make([]downloader.Result, 0, maxBatch)
	for result := range r.results {
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

// keep writes results to the journal before anyone is told of them. What is not in
// it is not ok, though the file is in its place: nobody would know of it later.
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

func (r *run) flush(fail func(error)) {
	for _, o := range r.deps.Observers {
		if f, ok := o.(downloader.Flusher); ok {
			if err := f.Flush(); err != nil {
				fail(downloader.LocalFailure(err))
			}
		}
	}
}
