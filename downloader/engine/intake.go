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

// missing reads a list and passes on what has to be fetched, in its order. The
// other entries get their results here: what is no URL, and what an earlier run
// has settled. An error is that of a list which cannot be read any further. When
// taking ends, no more is read.
func (r *run) missing(taking context.Context, src downloader.Source) iter.Seq2[*hosts.Task, error] {
	if r.archive != nil {
		return r.notRecalled(taking, src)
	}
	return func(yield func(*hosts.Task, error) bool) {
		for item, err := range src {
			if !r.pass(&listed{item: item, err: err}, yield) || taking.Err() != nil {
				return
			}
		}
	}
}

// readAhead is how many entries of a list are read before they are needed, at
// most, if there was an earlier run. What it left of them is looked up together:
// with a million finished images, one by one took twice the time.
const readAhead = 512

// listed is an entry of a list, as its reader gave it.
type listed struct {
	item    downloader.Item
	err     error
	rec     downloader.Earlier
	settled bool // by rec
}

// notRecalled is missing after an earlier run. It looks up together what is at
// hand of the list; no entry waits for one that has not come yet.
func (r *run) notRecalled(taking context.Context, src downloader.Source) iter.Seq2[*hosts.Task, error] {
	return func(yield func(*hosts.Task, error) bool) {
		reading, stop := context.WithCancel(taking)
		ahead := make(chan listed, readAhead)
		var reader sync.WaitGroup
		reader.Go(func() {
			defer close(ahead)
			for item, err := range src {
				if ahead <- (listed{item: item, err: err}); reading.Err() != nil {
					return
				}
			}
		})
		r.passAll(taking, ahead, yield)
		stop()
		for e := range ahead {
			r.decline(&e)
		}
		reader.Wait()
	}
}

// passAll passes on the entries that are read, until no more are wanted.
func (r *run) passAll(taking context.Context, ahead <-chan listed, yield func(*hosts.Task, error) bool) {
	size := readAhead
	if r.opts.Check {
		size = min(size, r.opts.Workers) // no image waits while hundreds are hashed
	}
	batch := make([]listed, 0, size)
	for more, stopped := true, false; more && !stopped; {
		batch, more = receive(ahead, batch[:0])
		r.recallAll(taking, batch)
		for i := range batch {
			if stopped {
				r.decline(&batch[i])
			} else {
				stopped = !r.pass(&batch[i], yield) || taking.Err() != nil
			}
		}
	}
}

// receive waits for an entry, and appends it and what is there with it to batch, up
// to its capacity. It returns false after the last.
func receive(ahead <-chan listed, batch []listed) ([]listed, bool) {
	for e := range ahead {
		batch = append(batch, e)
		if len(batch) == cap(batch) || len(ahead) == 0 {
			return batch, true
		}
	}
	return batch, false
}

// recallAll looks up entries, as many at a time as there are workers.
func (r *run) recallAll(ctx context.Context, batch []listed) {
	var next atomic.Int64
	look := func() {
		for i := next.Add(1) - 1; i < int64(len(batch)); i = next.Add(1) - 1 {
			if e := &batch[i]; e.err == nil {
				e.rec, e.settled = r.recall(ctx, e.item)
			}
		}
	}
	var looking sync.WaitGroup
	for range min(r.opts.Workers, len(batch)) - 1 {
		looking.Go(look)
	}
	look()
	looking.Wait()
}

// pass gives an entry its result, or passes it on as a task. It returns false when
// no more are wanted.
func (r *run) pass(e *listed, yield func(*hosts.Task, error) bool) bool {
	switch bad, ok := e.err.(*downloader.Error); {
	case ok:
		r.refuse(e.item, bad)
	case e.err != nil:
		yield(nil, &downloader.UsageError{Err: e.err})
		return false
	case e.settled:
		r.results <- settledBy(&e.rec, e.item)
	default:
		t := r.newTask(e.item)
		t.Rec = e.rec
		return yield(t, nil)
	}
	return true
}

// decline gives an entry that was read ahead of an interrupt its result.
func (r *run) decline(e *listed) {
	bad, refused := e.err.(*downloader.Error)
	switch {
	case refused:
		r.refuse(e.item, bad)
	case e.err == nil:
		r.refuse(e.item, work.InterruptedBeforeStart())
	}
}

// refuse gives an entry that is not tried its result.
func (r *run) refuse(item downloader.Item, err *downloader.Error) {
	result := downloader.NewResult(item, time.Now())
	result.Fail(err)
	r.results <- result
}
