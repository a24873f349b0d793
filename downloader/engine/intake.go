package engine

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"grab/downloader"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/work"
)

// intake reads a list and passes on what has to be fetched, in its order. The other
// entries get their results here: what is no URL, and what an earlier run has
// settled. An error ends the run: the list cannot be read any further, or the files
// of an earlier run cannot be moved. When taking ends, no more is read.
func (r *run) intake(taking context.Context, src downloader.Source) iter.Seq2[*hosts.Task, error] {
	if r.archive != nil {
		return r.intakeAfterRun(taking, src)
	}
	return func(yield func(*hosts.Task, error) bool) {
		for item, err := range src {
			if !r.deliver(&entry{listed: listed{item, err}}, yield) || taking.Err() != nil {
				return
			}
		}
	}
}

// readAhead is how many entries of a list are read before they are needed, at
// most, if there was an earlier run. What it left of them is looked up together:
// with a million finished images, one by one took twice the time.
const readAhead = 512

// intakeAfterRun is intake after an earlier run. It looks up together what is at
// hand of the list; no entry waits for one that has not come yet.
func (r *run) intakeAfterRun(taking context.Context, src downloader.Source) iter.Seq2[*hosts.Task, error] {
	return func(yield func(*hosts.Task, error) bool) {
		reading, stop := context.WithCancel(taking)
		ahead := make(chan listed, readAhead)
		var reader sync.WaitGroup
		reader.Go(func() {
			defer close(ahead)
			for item, err := range src {
				if ahead <- (listed{item, err}); reading.Err() != nil {
					return
				}
			}
		})
		r.deliverAll(taking, ahead, yield)
		stop()
		for l := range ahead {
			r.cancel(&entry{listed: l})
		}
		reader.Wait()
	}
}

// deliverAll delivers the entries that are read, until no more are wanted.
func (r *run) deliverAll(taking context.Context, ahead <-chan listed, yield func(*hosts.Task, error) bool) {
	size := readAhead
	if r.opts.Check {
		size = min(size, r.opts.Workers) // no image waits while hundreds are hashed
	}
	batch := make([]entry, 0, size)
	for more, stopped := true, false; more && !stopped; {
		batch, more = receive(ahead, batch[:0])
		err := r.lookUpAll(taking, batch)
		stopped = err != nil
		for i := range batch {
			if stopped {
				r.cancel(&batch[i])
			} else {
				stopped = !r.deliver(&batch[i], yield) || taking.Err() != nil
			}
		}
		if err != nil {
			yield(nil, downloader.LocalFailure(err))
		}
	}
}

// receive waits for an entry, and appends it and what is there with it to batch, up
// to its capacity. It returns false after the last.
func receive(ahead <-chan listed, batch []entry) ([]entry, bool) {
	for l := range ahead {
		batch = append(batch, entry{listed: l})
		if len(batch) == cap(batch) || len(ahead) == 0 {
			return batch, true
		}
	}
	return batch, false
}

// lookUpAll finds out what earlier runs have left of the entries of a batch, in the
// order of the list, looks at the files, as many at a time as there are workers, and
// gives them the names of their places.
func (r *run) lookUpAll(ctx context.Context, batch []entry) error {
	for i := range batch {
		if e := &batch[i]; e.err == nil || e.refused() != nil { // or each run would tell of it anew
			e.earlier, e.known = r.archive.Claim(e.item)
		}
	}
	var next atomic.Int64
	look := func() {
		for i := next.Add(1) - 1; i < int64(len(batch)); i = next.Add(1) - 1 {
			if e := &batch[i]; e.err == nil {
				r.lookUp(ctx, e)
			}
		}
	}
	var looking sync.WaitGroup
	for range min(r.opts.Workers, len(batch)) - 1 {
		looking.Go(look)
	}
	look()
	looking.Wait()
	return r.arrange(ctx, batch)
}

// deliver gives an entry its result, or passes it on as a task. It returns false
// when no more are wanted.
func (r *run) deliver(e *entry, yield func(*hosts.Task, error) bool) bool {
	switch bad := e.refused(); {
	case bad != nil:
		r.fail(e, bad)
	case e.err != nil:
		yield(nil, &downloader.UsageError{Err: e.err})
		return false
	case e.settled:
		r.results <- resultOf(e)
	default:
		t := r.newTask(e.item)
		if e.known {
			earlier := e.earlier
			t.Earlier = &earlier
			if e.update {
				t.Validator = downloader.NewValidator(r.archive.Validators(earlier))
			}
		}
		return yield(t, nil)
	}
	return true
}

// cancel gives an entry that was read ahead of an interrupt its result.
func (r *run) cancel(e *entry) {
	if bad := e.refused(); bad != nil {
		r.fail(e, bad)
	} else if e.err == nil {
		r.fail(e, work.InterruptedBeforeStart())
	}
}

// fail gives an entry that is not tried its result.
func (r *run) fail(e *entry, err *downloader.Error) {
	result := downloader.NewResult(e.item, time.Now())
	result.Fail(err)
	if e.known {
		r.reconcile(&e.earlier, &result)
	}
	r.results <- result
}
