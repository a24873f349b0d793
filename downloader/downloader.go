package downloader

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"grab/downloader/internal/failpoint"
)

// Downloader fetches lists. It may run many times, one after another: each run
// has its own connections and workers.
type Downloader struct {
	opts    Options
	deps    Deps
	network network // the real one, but in tests
}

// New returns a Downloader, or what is wrong with its options.
func New(opts Options, deps Deps) (*Downloader, error) {
	if opts.Mode == Sequential {
		opts.Workers = 1
	}
	if err := opts.validate(); err != nil {
		return nil, err
	}
	if deps.Sink == nil {
		return nil, fmt.Errorf("no sink")
	}
	if opts.Mode == Process && len(deps.WorkerCommand) == 0 {
		return nil, fmt.Errorf("no worker command")
	}
	if deps.Counters == nil {
		deps.Counters = &Counters{}
	}
	return &Downloader{opts: opts, deps: deps}, nil
}

// Run fetches the items of src and returns when each that it took has its
// result. An error means that the run broke, never that an image failed: a
// *[UsageError] for a list that cannot be read, an *[Error] of [ClassDiskFull], [ClassIO] or [ClassInternal], or
// workers that would not start; what was finished before is finished.
//
// When ctx ends no further items are taken, and those in flight have
// Options.Grace to finish. That is no error.
func (d *Downloader) Run(ctx context.Context, src Source) (Summary, error) {
	return d.runWith(ctx, src, d.hire)
}

// hirer makes a run's executors, as [Downloader.hire] does.
type hirer func(ctx context.Context, stager *stager, drain <-chan struct{}) (*crew, error)

func (d *Downloader) runWith(ctx context.Context, src Source, hire hirer) (Summary, error) {
	began, before := time.Now(), ownUsage()
	summary := Summary{Mode: d.opts.Mode, Workers: d.opts.Workers, Classes: map[Class]int{}}
	stager, err := newStager(d.opts.Dir, d.opts.Durable)
	if err != nil {
		return summary, err
	}
	defer stager.close()
	defer stager.removeState()
	if err := stager.clear(d.opts.Force); err != nil {
		return summary, localFailure(err)
	}

	taking, stopTaking := context.WithCancelCause(ctx)
	defer stopTaking(nil)
	working, stopWorking := context.WithCancelCause(context.WithoutCancel(ctx))
	crew, err := hire(ctx, stager, taking.Done())
	if err != nil {
		stopWorking(nil)
		if ctx.Err() != nil {
			err = nil // interrupted before the first item
		}
		return summary, err
	}
	failpoint.Pass("run-begins")
	summary.Workers = len(crew.executors)
	ready := time.Now()
	r := &run{Downloader: d, stager: stager, results: make(chan Result, d.opts.Workers), hosts: newHosts(&d.opts)}

	var helpers sync.WaitGroup
	helpers.Go(func() { r.grace(taking, working, stopWorking, crew) })
	helpers.Go(func() { r.collect(&summary, stopTaking) })
	if d.opts.Mode == Sequential {
		err = r.sequential(taking, working, src, crew.executors[0])
	} else {
		err = r.pool(taking, working, src, crew.executors)
	}
	close(r.results)
	stopWorking(nil)
	helpers.Wait()
	summary.Started, summary.Startup, summary.Elapsed = ready, ready.Sub(began), time.Since(ready)
	summary.Listed = int(d.deps.Counters.Total.Load())
	failpoint.Pass("run-collected")
	summary.Children = crew.dismiss()
	failpoint.Pass("run-dismissed")
	summary.Usage = summary.Children.plus(ownUsage().since(before))
	if err == nil {
		err = r.broken
	}
	if err == nil && summary.Complete() {
		if failed := stager.clear(true); failed != nil { // what is left is of no use to anyone
			err = localFailure(failed)
		}
	}
	return summary, err
}

// run is one run of a Downloader.
type run struct {
	*Downloader
	stager  *stager
	hosts   *hosts
	results chan Result
	broken  error // the collector's, for after it is done
}

// grace gives the images in flight their time once no more are taken.
func (r *run) grace(taking, working context.Context, stop context.CancelCauseFunc, crew *crew) {
	select {
	case <-working.Done():
		return
	case <-taking.Done():
	}
	crew.drain()
	timer := time.NewTimer(r.opts.Grace)
	defer timer.Stop()
	select {
	case <-working.Done():
	case <-timer.C:
		stop(&Error{Class: ClassCanceled, Reason: fmt.Sprintf("interrupted, and not done within another %v", r.opts.Grace)})
	}
}

// process takes a task to its result, unless it has to wait: then it comes back.
// The executor is that of the worker with this number.
func (r *run) process(ctx context.Context, worker int, by executor, t *task) {
	if !r.hosts.admit(t) {
		return
	}
	if t.doom != nil {
		r.end(ctx, t, t.doom)
		return
	}
	if t.begun.IsZero() {
		t.begun = time.Now()
	} else {
		t.Spent = time.Since(t.begun)
	}
	r.deps.Counters.InFlight.Add(1)
	t.flight = r.deps.Counters.Begin(t.Item)
	done := r.fetch(ctx, by, t)
	done.Result.Worker = worker
	r.deps.Counters.End(t.flight)
	r.deps.Counters.InFlight.Add(-1)
	switch kept := r.hosts.report(t, &done, time.Since(t.flight.taken)); {
	case kept:
	case t.doom != nil:
		r.end(ctx, t, t.doom)
	case done.Result.Status == StatusCanceled && t.Attempts > 0 && done.Result.Attempts == t.Attempts:
		r.end(ctx, t, t.notAgain()) // the interrupt came before the request
	default:
		r.finish(ctx, t, done.Result)
	}
}

// fetch takes a task's item to its place, or to the reason why not. A panic is one: it
// ends the run, but only when the images in flight have had their time, and what is
// finished is told and kept.
func (r *run) fetch(ctx context.Context, by executor, t *task) (done fetched) {
	defer func() {
		if p := recover(); p != nil {
			if r.deps.Warn != nil {
				r.deps.Warn(fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			}
			done = fetched{Result: NewResult(t.Item, t.begun)}
			done.Result.Attempts = t.Attempts
			done.Result.fail(&Error{Class: ClassInternal, Reason: fmt.Sprintf("a fault of grab's own, please report it: panic: %v", p)})
		}
	}()
	done = by.Do(ctx, t.job)
	fetched := time.Now()
	t.flight.fetched.Store(&fetched)
	if done.Result.Status == StatusOK {
		r.commit(ctx, &done)
	}
	return done
}

// end settles a task that is not tried, or not tried again.
func (r *run) end(ctx context.Context, t *task, err *Error) {
	result := NewResult(t.Item, time.Now())
	if t.Attempts > 0 {
		result = *t.last
		result.Timing.Total = time.Since(t.begun).Seconds()
	}
	result.fail(err)
	r.finish(ctx, t, result)
}

// finish settles a task that has been taken as far as it goes.
func (r *run) finish(ctx context.Context, t *task, result Result) {
	if err := r.reconcile(ctx, t.rec, &result); err != nil {
		result.fail(localFailure(err))
	}
	taken := t.begun
	if taken.IsZero() {
		taken = time.Now()
	}
	result.Timing.Queue = taken.Sub(t.read).Seconds()
	r.settle(result)
}

// commit puts a sealed file in its place.
func (r *run) commit(ctx context.Context, done *fetched) {
	sealed := time.Now()
	name, err := r.deps.Sink.Put(ctx, done.Staged)
	if err != nil {
		r.stager.remove(done.Staged.Index)
		done.Result.fail(localFailure(err))
		return
	}
	failpoint.Pass("put-done")
	done.Result.File = name
	spent := time.Since(sealed).Seconds()
	done.Result.Timing.Commit = spent
	done.Result.Timing.Total += spent
}

// settle passes on the result of a task.
func (r *run) settle(result Result) {
	r.results <- result
	r.hosts.settle()
}
