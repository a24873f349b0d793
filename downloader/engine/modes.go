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

// sequential is the mode that the others are measured against. It takes what may be
// fetched after each entry of the list, and after the last it waits for the rest.
func (r *run) sequential(taking, working context.Context, src downloader.Source, by work.Executor) error {
	stop := r.stopAfter(taking)
	defer stop()
	if taking.Err() != nil {
		return nil
	}
	var broken error
	for t, err := range r.intake(taking, src) {
		if err != nil {
			broken = err
			break
		}
		if !r.add(t) {
			break
		}
		for taking.Err() == nil {
			t, end := r.hosts.TryNext()
			if t == nil {
				break
			}
			r.take(working, 0, by, t, end)
		}
	}
	r.hosts.FinishList()
	r.worker(working, 0, by)
	return broken
}

// pool runs one goroutine for each executor. It reads the list no faster than they
// take items, unless the hosts at hand are not to be asked now. It returns when each
// item that was read has its result.
func (r *run) pool(taking, working context.Context, src downloader.Source, executors []work.Executor) error {
	stop := r.stopAfter(taking)
	defer stop()
	var workers sync.WaitGroup
	for n, by := range executors {
		workers.Go(func() {
			// One child context per worker, so workers do not contend on a shared context's mutex.
			working, stop := context.WithCancel(working)
			defer stop()
			r.worker(working, n, by)
		})
	}
	defer workers.Wait()
	defer r.hosts.FinishList()
	if taking.Err() != nil {
		return nil
	}
	for t, err := range r.intake(taking, src) {
		if err != nil {
			return err
		}
		if !r.add(t) {
			break
		}
		r.hosts.WaitForRoom()
	}
	return nil
}

// worker handles items until there are no more.
func (r *run) worker(working context.Context, n int, by work.Executor) {
	for t, end := r.hosts.Next(); t != nil; t, end = r.hosts.Next() {
		r.take(working, n, by, t, end)
	}
}

// take handles an item, or ends it if it gets no further attempt.
func (r *run) take(working context.Context, n int, by work.Executor, t *hosts.Task, end *downloader.Error) {
	if end != nil {
		r.end(t, end)
	} else {
		r.handle(working, n, by, t)
	}
}

// add queues an item that was read. After an interrupt it ends the item, and returns
// false.
func (r *run) add(t *hosts.Task) bool {
	if !r.hosts.Add(t) {
		r.end(t, t.InterruptedError())
		return false
	}
	return true
}

// stopAfter ends all items that wait as soon as taking ends. The returned function waits
// until that is done.
func (r *run) stopAfter(taking context.Context) (stop func()) {
	ended, closed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(closed)
		select {
		case <-taking.Done():
		case <-ended:
		}
		r.hosts.Close(func(t *hosts.Task) { r.end(t, t.InterruptedError()) })
	}()
	return func() { close(ended); <-closed }
}

// newExecutors returns the executors of the run's mode, ready for work: one for each
// worker. When drain is closed, they make no more requests.
func newExecutors(ctx context.Context, opts downloader.Options, deps Deps, network client.Network, stager *stage.Dir, drain <-chan struct{}) (*executors, error) {
	if opts.Mode == downloader.Process {
		return startChildren(ctx, opts, deps, stager, drain)
	}
	shared := fetch.New(opts, network, stager, deps.Counters, drain)
	return &executors{
		all:   slices.Repeat([]work.Executor{shared}, opts.Workers),
		drain: func() {}, // it watches the channel
		closeAll: func() downloader.Usage {
			shared.Close()
			if deps.Cookies != nil {
				deps.Cookies(shared.Cookies())
			}
			return downloader.Usage{}
		},
	}, nil
}
