package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/internal/fetch"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// pool spreads the items over one goroutine for each executor. The list is read
// no faster than they take from it, and not while too many wait for their hosts.
// It returns when all that was read is done.
func (r *run) pool(taking, working context.Context, src downloader.Source, executors []work.Executor) error {
	queue := make(chan *hosts.Task, len(executors)) // so that nobody waits for the list's reader to be woken
	due := make(chan *hosts.Task)
	var workers sync.WaitGroup
	for n, by := range executors {
		workers.Go(func() {
			working, stop := context.WithCancel(working) // its own: images that begin and end do not meet at one lock
			defer stop()
			for from := queue; ; {
				select {
				case t, more := <-from:
					if !more {
						from = nil // due is closed last
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
		})
	}
	workers.Go(func() { r.dispatch(taking, working, due) })
	defer workers.Wait()
	defer r.hosts.Done() // the list
	defer close(queue)
	if taking.Err() != nil {
		return nil
	}
	for t, err := range r.missing(taking, src) {
		if err != nil {
			return err
		}
		select {
		case queue <- t:
		case <-taking.Done():
			r.end(working, t, work.InterruptedBeforeStart())
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

// crew is a run's executors, and how to be rid of them.
type executors struct {
	all []work.Executor
	drain     func()                  // no new requests
	closeAll   func() downloader.Usage // waits until none is left; what children used
}

// hire makes the executors of the run's mode, ready for work. drain ends when no
// new requests shall be made.
func (d *Engine) newExecutors(ctx context.Context, stager *stage.Dir, drain <-chan struct{}) (*executors, error) {
	if d.opts.Mode == downloader.Process {
		return d.startChildren(ctx, stager, drain)
	}
	f := fetch.New(d.opts, d.network, stager, d.deps.Counters, drain)
	c := &executors{drain: func() {}, closeAll: func() downloader.Usage { f.Close(); return downloader.Usage{} }}
	for range d.opts.Workers {
		c.all = append(c.all, f)
	}
	return c, nil
}

// hireChildren starts all children side by side. One that does not start ends
// the run before it began: a mode whose workers die must not look like a fast one.
// If the machine has no room for all, those that it has room for are a crew.
func (d *Engine) startChildren(ctx context.Context, stager *stage.Dir, drain <-chan struct{}) (*executors, error) {
	children := make([]*child.Executor, d.opts.Workers)
	errs := make([]error, d.opts.Workers)
	var starting sync.WaitGroup
	for i := range children {
		children[i] = child.New(d.deps.WorkerCommand, d.opts, stager, d.deps.Counters, drain)
		starting.Go(func() { errs[i] = children[i].Start(ctx) })
	}
	starting.Wait()
	for i := range children { // side by side, those that did not start held back others
		if child.Unstartable(errs[i]) {
			if errs[i] = children[i].Start(ctx); child.Unstartable(errs[i]) {
				break
			}
		}
	}
	children, err := d.started(children, errs)
	if err != nil {
		return nil, err
	}
	c := &executors{drain: func() { drainAll(children) }, closeAll: func() downloader.Usage { return closeAll(children) }}
	for _, child := range children {
		c.all = append(c.all, child)
	}
	return c, nil
}

// muster returns the children that have started, or the error that ends the run.
func (d *Engine) started(children []*child.Executor, errs []error) ([]*child.Executor, error) {
	var started []*child.Executor
	var short, fatal error
	for i, err := range errs {
		switch {
		case err == nil:
			started = append(started, children[i])
		case child.Unstartable(err):
			short = err
		default:
			fatal = err
		}
	}
	if fatal == nil && len(started) == 0 {
		fatal = short
	}
	if fatal != nil {
		closeAll(children)
		return nil, &downloader.Error{Class: downloader.ClassWorkerLost, Op: "start the workers", Err: fatal}
	}
	if last := len(started) - 1; short != nil && last > 0 {
		closeAll(started[last:]) // for the parent needs room, too
		started = started[:last]
	}
	if short != nil && d.deps.Warn != nil {
		d.deps.Warn(fmt.Sprintf("only %d of %d workers could be started: %v", len(started), len(children), short))
	}
	return started, nil
}

func drainAll(children []*child.Executor) {
	for _, c := range children {
		c.StopRequests()
	}
}

func closeAll(children []*child.Executor) downloader.Usage {
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

func (r *run) newTask(item downloader.Item) *hosts.Task {
	r.hosts.Unfinished.Add(1)
	return &hosts.Task{Job: work.Job{Item: item}, Read: time.Now()}
}

// dispatch hands out the tasks that wait no longer until each has its result, and
// those that still wait when no more are taken their end. It closes due.
func (r *run) dispatch(taking, working context.Context, due chan<- *hosts.Task) {
	defer close(due)
	for interrupt := taking.Done(); ; {
		t, wait := r.hosts.NextDue()
		switch {
		case t != nil && t.Doom != nil:
			r.end(working, t, t.Doom)
			continue
		case t != nil:
			select {
			case due <- t:
			case <-interrupt:
				r.end(working, t, t.InterruptedError())
			}
			continue
		case r.hosts.Unfinished.Load() == 0:
			return
		}
		if !r.hosts.Await(wait, interrupt) {
			interrupt = nil
			r.endWaiting(working)
		}
	}
}

// endWaiting ends all tasks that wait, and lets none wait any more.
func (r *run) endWaiting(ctx context.Context) {
	for _, t := range r.hosts.Close() {
		r.end(ctx, t, t.InterruptedError())
	}
}
