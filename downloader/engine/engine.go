// Package engine runs a list: it takes the items, fetches them in one of three modes,
// and passes on their results.
//
// modes.go has the three modes, handle.go the way of one item from its first attempt
// to its result.
package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/machine"
	"grab/downloader/internal/stage"
	"grab/downloader/live"
)

// Engine fetches lists. It may run many times, one run after another. Each run has its
// own connections and workers.
type Engine struct {
	opts    downloader.Options
	deps    Deps
	network client.Network // the zero value, except in tests
}

// New returns an Engine, or an error that says what is wrong with opts or deps.
func New(opts downloader.Options, deps Deps) (*Engine, error) {
	if opts.Mode == downloader.Sequential {
		opts.Workers = 1
	}
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	if deps.Output == nil {
		return nil, fmt.Errorf("no output")
	}
	if opts.Mode == downloader.Process && len(deps.WorkerCommand) == 0 {
		return nil, fmt.Errorf("no worker command")
	}
	if deps.Counters == nil {
		deps.Counters = &live.Counters{}
	}
	return &Engine{opts: opts, deps: deps}, nil
}

// Run fetches the items of src. It returns when each item that it took has its result.
// An image that failed is no error. An error means that the run broke: it is a
// [*downloader.UsageError] for a list that cannot be read, an [*downloader.Error] of
// class disk-full, io or internal, or says that the workers did not start. Images that
// were finished before that stay.
//
// When ctx ends, Run takes no further items. Those in flight have Options.Grace to
// finish. That is no error.
func (d *Engine) Run(ctx context.Context, src downloader.Source) (downloader.Summary, error) {
	return d.runWith(ctx, src, func(ctx context.Context, stager *stage.Dir, drain <-chan struct{}) (*executors, error) {
		return newExecutors(ctx, d.opts, d.deps, d.network, stager, drain)
	})
}

// executorMaker returns a run's executors, as newExecutors does.
type executorMaker func(ctx context.Context, stager *stage.Dir, drain <-chan struct{}) (*executors, error)

func (d *Engine) runWith(ctx context.Context, src downloader.Source, newExecutors executorMaker) (downloader.Summary, error) {
	began, before := time.Now(), machine.Own()
	summary := downloader.Summary{Mode: d.opts.Mode, Workers: d.opts.Workers, Verify: d.opts.Verify, Classes: map[downloader.Class]int{}}
	stager, err := stage.New(d.opts.Dir, d.opts.Durable)
	if err != nil {
		return summary, err
	}
	defer stager.Close()
	defer stager.RemoveState()
	if err := stager.Clear(d.opts.Force); err != nil {
		return summary, downloader.LocalFailure(err)
	}

	taking, stopTaking := context.WithCancelCause(ctx)
	defer stopTaking(nil)
	working, stopWorking := context.WithCancelCause(context.WithoutCancel(ctx))
	executors, err := newExecutors(ctx, stager, taking.Done())
	if err != nil {
		stopWorking(nil)
		if ctx.Err() != nil {
			err = nil // interrupted before the first item
		}
		return summary, err
	}
	failpoint.Pass("run-begins")
	summary.Workers = len(executors.all)
	ready := time.Now()
	r := newRun(&d.opts, &d.deps, stager)
	if d.opts.Robots {
		r.manners = newManners(d.opts, d.network)
	}
	defer r.manners.close()

	var helpers sync.WaitGroup
	helpers.Go(func() { d.endGrace(taking, working, stopWorking, executors) })
	helpers.Go(func() { r.collect(&summary, stopTaking) })
	if d.opts.Mode == downloader.Sequential {
		err = r.sequential(taking, working, src, executors.all[0])
	} else {
		err = r.pool(taking, working, src, executors.all)
	}
	close(r.results)
	stopWorking(nil)
	helpers.Wait()
	summary.Started, summary.Startup, summary.Elapsed = ready, ready.Sub(began), time.Since(ready)
	summary.Listed = int(d.deps.Counters.Total.Load())
	failpoint.Pass("run-collected")
	summary.Children = executors.closeAll()
	failpoint.Pass("run-dismissed")
	summary.Usage = summary.Children.Plus(machine.Own().Since(before))
	if err == nil {
		err = r.broken
	}
	if err == nil {
		err = r.hosts.Err()
	}
	if err == nil && summary.Complete() {
		if failed := stager.Clear(true); failed != nil { // nothing is left to resume
			err = downloader.LocalFailure(failed)
		}
	}
	return summary, err
}

// endGrace ends working when Options.Grace has passed since taking ended.
func (d *Engine) endGrace(taking, working context.Context, stopWorking context.CancelCauseFunc, executors *executors) {
	select {
	case <-working.Done():
		return
	case <-taking.Done():
	}
	executors.drain()
	timer := time.NewTimer(d.opts.Grace)
	defer timer.Stop()
	select {
	case <-working.Done():
	case <-timer.C:
		stopWorking(&downloader.Error{Class: downloader.ClassCanceled, Reason: fmt.Sprintf("interrupted, and not done within another %v", d.opts.Grace)})
	}
}
