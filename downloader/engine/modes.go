package engine

import (
	"context"
	"slices"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/fetch"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// This file has the three modes, from the plainest on. All do the same with each item
// of the list: take it, have an executor fetch it, put the image in its place.
//
//   - Sequential mode does that in a loop.
//   - Pool mode has several goroutines with such a loop. They share one executor.
//   - Process mode is pool mode, but each goroutine's executor is a child process.
//
// A run ends in two steps, so there are two contexts. When taking ends, no more items
// are taken. When working ends, the images in flight are given up.

// sequential is the mode that the others are measured against. An item that has to
// wait is fetched when it is due, between two entries of the list or after the last.
func (r *run) sequential(taking, working context.Context, src downloader.Source, by work.Executor) error {
	if taking.Err() != nil {
		return nil
	}
	var broken error
	for t, err := range r.intake(taking, src) {
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

// fetchDue fetches the items that need not wait any more. While wait returns true, it
// waits for more of them.
func (r *run) fetchDue(taking, working context.Context, by work.Executor, wait func() bool) {
	for taking.Err() == nil {
		switch t, end, delay := r.hosts.NextDue(); {
		case end != nil:
			r.end(t, end)
		case t != nil:
			r.handle(working, 0, by, t)
		case !wait() || !r.hosts.Await(delay, taking.Done()):
			return
		}
	}
}

// pool runs one goroutine for each executor. It reads the list no faster than they
// take items, and stops reading while too many items wait for their hosts. It returns
// when each item that was read has its result.
func (r *run) pool(taking, working context.Context, src downloader.Source, executors []work.Executor) error {
	queue := make(chan *hosts.Task, len(executors)) // buffered, so that no worker waits for the reader to wake up
	due := make(chan *hosts.Task)
	var workers sync.WaitGroup
	for n, by := range executors {
		workers.Go(func() {
			// One child context per worker, so workers do not contend on a shared context's mutex.
			working, stop := context.WithCancel(working)
			defer stop()
			r.worker(working, n, by, queue, due)
		})
	}
	workers.Go(func() { r.dispatch(taking, working, due) })
	defer workers.Wait()
	defer r.hosts.Done() // the list
	defer close(queue)
	if taking.Err() != nil {
		return nil
	}
	for t, err := range r.intake(taking, src) {
		if err != nil {
			return err
		}
		select {
		case queue <- t:
		case <-taking.Done():
			r.end(t, work.InterruptedBeforeStart())
		}
		for r.hosts.Full() && taking.Err() == nil {
			select {
			case <-r.hosts.SpaceFreed:
			case <-taking.Done():
			}
		}
		if taking.Err() != nil {
			break
		}
	}
	return nil
}

// worker is one goroutine of the pool. It handles items from the list, and items that
// have waited, until both channels are closed.
func (r *run) worker(working context.Context, n int, by work.Executor, queue, due <-chan *hosts.Task) {
	for {
		select {
		case t, more := <-queue:
			if !more {
				queue = nil // due is closed later
				r.hosts.FinishList()
			} else {
				r.handle(working, n, by, t)
			}
		case t, more := <-due:
			if !more {
				return
			}
			r.handle(working, n, by, t)
		}
	}
}

// dispatch sends the items that need not wait any more to the workers, until each item
// has its result. When taking ends, it ends those that still wait. It closes due.
func (r *run) dispatch(taking, working context.Context, due chan<- *hosts.Task) {
	defer close(due)
	for interrupt := taking.Done(); ; {
		t, end, delay := r.hosts.NextDue()
		switch {
		case end != nil:
			r.end(t, end)
			continue
		case t != nil:
			select {
			case due <- t:
			case <-interrupt:
				r.end(t, t.InterruptedError())
			}
			continue
		case r.hosts.Unfinished.Load() == 0:
			return
		}
		if !r.hosts.Await(delay, interrupt) {
			interrupt = nil
			r.endWaiting(working)
		}
	}
}

// endWaiting ends all items that wait. From then on, no item waits.
func (r *run) endWaiting(ctx context.Context) {
	for _, t := range r.hosts.Close() {
		r.end(t, t.InterruptedError())
	}
}

// newExecutors returns the executors of the run's mode, ready for work: one for each
// worker. When drain is closed, they make no more requests.
func newExecutors(ctx context.Context, opts downloader.Options, deps Deps, network client.Network, stager *stage.Dir, drain <-chan struct{}) (*executors, error) {
	if opts.Mode == downloader.Process {
		return startChildren(ctx, opts, deps, stager, drain)
	}
	shared := fetch.New(opts, network, stager, deps.Counters, drain)
	return &executors{
		all:      slices.Repeat([]work.Executor{shared}, opts.Workers),
		drain:    func() {}, // it watches the channel
		closeAll: func() downloader.Usage { shared.Close(); return downloader.Usage{} },
	}, nil
}
