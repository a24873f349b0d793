package downloader

import (
	"context"
	"fmt"
	"sync"
)

// pool spreads the items over one goroutine for each executor. The list is read
// no faster than they take from it, and not while too many wait for their hosts.
// It returns when all that was read is done.
func (r *run) pool(taking, working context.Context, src Source, executors []executor) error {
	queue := make(chan *task, len(executors)) // so that nobody waits for the list's reader to be woken
	due := make(chan *task)
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
						r.hosts.finishList()
					} else {
						r.process(working, n, by, t)
					}
				case t, more := <-due:
					if !more {
						return
					}
					r.process(working, n, by, t)
				}
			}
		})
	}
	workers.Go(func() { r.dispatch(taking, working, due) })
	defer workers.Wait()
	defer r.hosts.settle() // the list
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
			r.end(working, t, notBegun())
		}
		for r.hosts.full() && taking.Err() == nil {
			select {
			case <-r.hosts.room:
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
type crew struct {
	executors []executor
	drain     func()       // no new requests
	dismiss   func() Usage // waits until none is left; what children used
}

// hire makes the executors of the run's mode, ready for work. drain ends when no
// new requests shall be made.
func (d *Downloader) hire(ctx context.Context, stager *stager, drain <-chan struct{}) (*crew, error) {
	if d.opts.Mode == Process {
		return d.hireChildren(ctx, stager, drain)
	}
	f := newFetcher(d.opts, d.network, stager, d.deps.Counters, drain)
	c := &crew{drain: func() {}, dismiss: func() Usage { f.close(); return Usage{} }}
	for range d.opts.Workers {
		c.executors = append(c.executors, f)
	}
	return c, nil
}

// hireChildren starts all children side by side. One that does not start ends
// the run before it began: a mode whose workers die must not look like a fast one.
// If the machine has no room for all, those that it has room for are a crew.
func (d *Downloader) hireChildren(ctx context.Context, stager *stager, drain <-chan struct{}) (*crew, error) {
	children := make([]*child, d.opts.Workers)
	errs := make([]error, d.opts.Workers)
	var starting sync.WaitGroup
	for i := range children {
		children[i] = newChild(d.deps.WorkerCommand, d.opts, stager, d.deps.Counters, drain)
		starting.Go(func() { errs[i] = children[i].start(ctx) })
	}
	starting.Wait()
	for i := range children { // side by side, those that did not start held back others
		if unstartable(errs[i]) {
			if errs[i] = children[i].start(ctx); unstartable(errs[i]) {
				break
			}
		}
	}
	children, err := d.muster(children, errs)
	if err != nil {
		return nil, err
	}
	c := &crew{drain: func() { drainAll(children) }, dismiss: func() Usage { return closeAll(children) }}
	for _, child := range children {
		c.executors = append(c.executors, child)
	}
	return c, nil
}

// muster returns the children that have started, or the error that ends the run.
func (d *Downloader) muster(children []*child, errs []error) ([]*child, error) {
	var started []*child
	var short, fatal error
	for i, err := range errs {
		switch {
		case err == nil:
			started = append(started, children[i])
		case unstartable(err):
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
		return nil, &Error{Class: ClassWorkerLost, Op: "start the workers", Err: fatal}
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

func drainAll(children []*child) {
	for _, c := range children {
		c.stopRequests()
	}
}

func closeAll(children []*child) Usage {
	used := make([]Usage, len(children))
	var closing sync.WaitGroup
	for i, c := range children {
		closing.Go(func() { used[i] = c.close() })
	}
	closing.Wait()
	var sum Usage
	for _, u := range used {
		sum = sum.plus(u)
	}
	return sum
}
