package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/machine"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// Downloader fetches lists. It may run many times, one after another: each run
// has its own connections and workers.
type Engine struct {
	opts    downloader.Options
	deps    Deps
	network client.Network // the real one, but in tests
}

// New returns a Downloader, or what is wrong with its options.
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

// Run fetches the items of src and returns when each that it took has its
// result. An error means that the run broke, never that an image failed: a
// [*downloader.UsageError] for a list that cannot be read, an [*downloader.Error] of
// class disk-full, io or internal, or workers that would not start; what was finished
// before is finished.
//
// When ctx ends no further items are taken, and those in flight have
// Options.Grace to finish. That is no error.
func (d *Engine) Run(ctx context.Context, src downloader.Source) (downloader.Summary, error) {
	return d.runWith(ctx, src, d.hire)
}

// hirer makes a run's executors, as [Downloader.hire] does.
type hirer func(ctx context.Context, stager *stage.Dir, drain <-chan struct{}) (*crew, error)

func (d *Engine) runWith(ctx context.Context, src downloader.Source, hire hirer) (downloader.Summary, error) {
	began, before := time.Now(), machine.Own()
	summary := downloader.Summary{Mode: d.opts.Mode, Workers: d.opts.Workers, Classes: map[downloader.Class]int{}}
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
	r := &run{Engine: d, stager: stager, results: make(chan downloader.Result, d.opts.Workers), hosts: hosts.New(&d.opts)}
	r.findRoles()

	var helpers sync.WaitGroup
	helpers.Go(func() { r.grace(taking, working, stopWorking, crew) })
	helpers.Go(func() { r.collect(&summary, stopTaking) })
	if d.opts.Mode == downloader.Sequential {
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
	summary.Usage = summary.Children.Plus(machine.Own().Since(before))
	if err == nil {
		err = r.broken
	}
	if err == nil && summary.Complete() {
		if failed := stager.Clear(true); failed != nil { // what is left is of no use to anyone
			err = downloader.LocalFailure(failed)
		}
	}
	return summary, err
}

// run is one run of a Downloader.
type run struct {
	*Engine
	stager  *stage.Dir
	hosts   *hosts.Governor
	archive downloader.Archive // nil: nothing is known of earlier runs
	journal downloader.Journal // nil: nobody keeps results
	results chan downloader.Result
	broken  error // the collector's, for after it is done
}

// findRoles finds out what the output can do besides taking images.
func (r *run) findRoles() {
	r.journal, _ = r.deps.Output.(downloader.Journal)
	if archive, ok := r.deps.Output.(downloader.Archive); ok && archive.HasEarlier() {
		r.archive = archive
	}
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
		stop(&downloader.Error{Class: downloader.ClassCanceled, Reason: fmt.Sprintf("interrupted, and not done within another %v", r.opts.Grace)})
	}
}

// process takes a task to its result, unless it has to wait: then it comes back.
// The executor is that of the worker with this number.
func (r *run) process(ctx context.Context, worker int, by work.Executor, t *hosts.Task) {
	if !r.hosts.Admit(t) {
		return
	}
	if t.Doom != nil {
		r.end(ctx, t, t.Doom)
		return
	}
	if t.Begun.IsZero() {
		t.Begun = time.Now()
	} else {
		t.Spent = time.Since(t.Begun)
	}
	r.deps.Counters.InFlight.Add(1)
	t.Flight = r.deps.Counters.Begin(t.Item)
	done := r.fetch(ctx, by, t)
	done.Result.Worker = worker
	r.deps.Counters.End(t.Flight)
	r.deps.Counters.InFlight.Add(-1)
	switch kept := r.hosts.Report(t, &done, time.Since(t.Flight.Taken)); {
	case kept:
	case t.Doom != nil:
		r.end(ctx, t, t.Doom)
	case done.Result.Status == downloader.StatusCanceled && t.Attempts > 0 && done.Result.Attempts == t.Attempts:
		r.end(ctx, t, t.NotAgain()) // the interrupt came before the request
	default:
		r.finish(ctx, t, done.Result)
	}
}

// fetch takes a task's item to its place, or to the reason why not. A panic is one: it
// ends the run, but only when the images in flight have had their time, and what is
// finished is told and kept.
func (r *run) fetch(ctx context.Context, by work.Executor, t *hosts.Task) (done work.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			if r.deps.Warn != nil {
				r.deps.Warn(fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			}
			done = work.Outcome{Result: downloader.NewResult(t.Item, t.Begun)}
			done.Result.Attempts = t.Attempts
			done.Result.Fail(&downloader.Error{Class: downloader.ClassInternal, Reason: fmt.Sprintf("a fault of grab's own, please report it: panic: %v", p)})
		}
	}()
	done = by.Do(ctx, t.Job)
	fetched := time.Now()
	t.Flight.Fetched.Store(&fetched)
	if done.Result.Status == downloader.StatusOK {
		r.commit(ctx, &done)
	}
	return done
}

// end settles a task that is not tried, or not tried again.
func (r *run) end(ctx context.Context, t *hosts.Task, err *downloader.Error) {
	result := downloader.NewResult(t.Item, time.Now())
	if t.Attempts > 0 {
		result = *t.Last
		result.Timing.Total = time.Since(t.Begun).Seconds()
	}
	result.Fail(err)
	r.finish(ctx, t, result)
}

// finish settles a task that has been taken as far as it goes.
func (r *run) finish(ctx context.Context, t *hosts.Task, result downloader.Result) {
	if err := r.reconcile(ctx, t.Rec, &result); err != nil {
		result.Fail(downloader.LocalFailure(err))
	}
	taken := t.Begun
	if taken.IsZero() {
		taken = time.Now()
	}
	result.Timing.Queue = taken.Sub(t.Read).Seconds()
	r.settle(result)
}

// commit puts a sealed file in its place.
func (r *run) commit(ctx context.Context, done *work.Outcome) {
	sealed := time.Now()
	name, err := r.deps.Output.Put(ctx, done.Staged)
	if err != nil {
		r.stager.Remove(done.Staged.Index)
		done.Result.Fail(downloader.LocalFailure(err))
		return
	}
	failpoint.Pass("put-done")
	done.Result.File = name
	spent := time.Since(sealed).Seconds()
	done.Result.Timing.Commit = spent
	done.Result.Timing.Total += spent
}

// settle passes on the result of a task.
func (r *run) settle(result downloader.Result) {
	r.results <- result
	r.hosts.Settle()
}
