package engine

import (
	"context"
	"fmt"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// executors are the executors of a run: one for each worker.
type executors struct {
	all      []work.Executor
	drain    func()                  // tells them to make no more requests
	closeAll func() downloader.Usage // ends all, and returns what child processes used
}

// startChildren starts all child processes side by side. If one does not start, the
// run ends before it begins, since a mode that lost workers must not look like a fast
// one. The exception is a machine with no room for all: then the run goes on with
// those that have started.
func startChildren(ctx context.Context, opts downloader.Options, deps Deps, stager *stage.Dir, drain <-chan struct{}) (*executors, error) {
	children := make([]*child.Executor, opts.Workers)
	errs := make([]error, opts.Workers)
	var starting sync.WaitGroup
	for i := range children {
		children[i] = child.New(deps.WorkerCommand, opts, stager, deps.Counters, drain)
		starting.Go(func() { errs[i] = children[i].Start(ctx) })
	}
	starting.Wait()
	for i := range children { // one after another, since starting many at once takes more room
		if child.Unstartable(errs[i]) {
			if errs[i] = children[i].Start(ctx); child.Unstartable(errs[i]) {
				break
			}
		}
	}
	children, err := started(children, errs, deps.Warn)
	if err != nil {
		return nil, err
	}
	e := &executors{drain: func() { drainChildren(children) }, closeAll: func() downloader.Usage { return closeChildren(children) }}
	for _, c := range children {
		e.all = append(e.all, c)
	}
	return e, nil
}

// started returns the children that have started, or the error that ends the run. The
// errors of the starts are errs.
func started(children []*child.Executor, errs []error, warn func(text string)) ([]*child.Executor, error) {
	var running []*child.Executor
	var noRoom, fatal error
	for i, err := range errs {
		switch {
		case err == nil:
			running = append(running, children[i])
		case child.Unstartable(err):
			noRoom = err
		default:
			fatal = err
		}
	}
	if fatal == nil && len(running) == 0 {
		fatal = noRoom
	}
	if fatal != nil {
		closeChildren(children)
		return nil, &downloader.Error{Class: downloader.ClassWorkerLost, Op: "start the workers", Err: fatal}
	}
	if last := len(running) - 1; noRoom != nil && last > 0 {
		closeChildren(running[last:]) // the parent needs some room too
		running = running[:last]
	}
	if noRoom != nil && warn != nil {
		warn(fmt.Sprintf("only %d of %d workers could be started: %v", len(running), len(children), noRoom))
	}
	return running, nil
}

func drainChildren(children []*child.Executor) {
	for _, c := range children {
		c.StopRequests()
	}
}

// closeChildren ends the children side by side, and returns what they used.
func closeChildren(children []*child.Executor) downloader.Usage {
	used := make([]downloader.Usage, len(children))
	var closing sync.WaitGroup
	for i, c := range children {
		closing.Go(func() { used[i] = c.Close() })
	}
	closing.Wait()
	var sum downloader.Usage
	for _, u := range used {
		sum = sum.Plus(u)
	}
	return sum
}
