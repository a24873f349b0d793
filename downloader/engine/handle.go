package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/weburl"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// handle makes an attempt at a task. If there is to be another, the task goes back to the
// queue, and is handled again when it is due. worker is the number of the worker that by
// belongs to.
func (r *run) handle(ctx context.Context, worker int, by work.Executor, t *hosts.Task) {
	if t.Started.IsZero() {
		t.Started = time.Now()
	} else {
		t.Spent = time.Since(t.Started)
	}
	r.deps.Counters.InFlight.Add(1)
	entry := r.deps.Counters.Begin(t.Item, worker)
	t.Show(entry)
	outcome := r.fetch(ctx, by, t, entry)
	outcome.Result.Worker = worker
	r.deps.Counters.End(entry)
	r.deps.Counters.InFlight.Add(-1)
	again, end := r.hosts.Finished(t, &outcome)
	r.tellChanges()
	switch {
	case again:
	case end != nil:
		r.end(t, end)
	case outcome.Result.Status == downloader.StatusCanceled && t.Attempts > 0 && outcome.Result.Attempts == t.Attempts:
		r.end(t, t.InterruptedError()) // the interrupt came before the request
	default:
		r.finish(t, outcome.Result)
	}
}

// fetch has an executor fetch a task's item, and puts the image in its place. A panic
// becomes a failure that ends the run. The images in flight may still finish, and all
// results reach the journal and the observers.
func (r *run) fetch(ctx context.Context, by work.Executor, t *hosts.Task, entry *live.Entry) (outcome work.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			if r.deps.Warn != nil {
				r.deps.Warn(fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			}
			outcome = work.Outcome{Result: downloader.NewResult(t.Item, t.Started)}
			outcome.Result.Attempts = t.Attempts
			outcome.Result.Fail(&downloader.Error{Class: downloader.ClassInternal, Reason: fmt.Sprintf("a fault of grab's own, please report it: panic: %v", p)})
		}
	}()
	if refused := r.refused(ctx, t); refused != nil {
		return *refused
	}
	outcome = by.Do(ctx, t.Job)
	fetched := time.Now()
	entry.Fetched.Store(&fetched)
	switch outcome.Result.Status {
	case downloader.StatusOK:
		if !r.keepChanged(ctx, t, &outcome.Result) {
			r.commit(ctx, t, &outcome)
		}
	case downloader.StatusSkipped:
		r.keep(ctx, t.Earlier, &outcome.Result)
	}
	return outcome
}

// commit puts a sealed file in its place.
func (r *run) commit(ctx context.Context, t *hosts.Task, outcome *work.Outcome) {
	sealed := time.Now()
	staged := outcome.Staged
	if t.Before != nil {
		staged.Item, staged.Name = t.Before.Item, t.Name // the URL is that of the list, not of the mirror
	}
	staged.Bytes, staged.SHA256 = outcome.Result.Bytes, outcome.Result.SHA256
	placed, err := r.put(ctx, t.Earlier, staged)
	if err != nil {
		r.stager.Remove(outcome.Staged.Index)
		outcome.Result.Fail(downloader.LocalFailure(err))
		return
	}
	failpoint.Pass("put-done")
	outcome.Result.File, outcome.Result.SameAs = placed.File, placed.SameAs
	spent := time.Since(sealed).Seconds()
	outcome.Result.Timing.Commit = spent
	outcome.Result.Timing.Total += spent
}

// end gives a task that has no attempt, or no further one, its result.
func (r *run) end(t *hosts.Task, err *downloader.Error) {
	result := downloader.NewResult(t.Item, time.Now())
	if t.Attempts > 0 {
		result = *t.Last
		result.Timing.Total = time.Since(t.Started).Seconds()
	}
	result.Fail(err)
	r.finish(t, result)
}

// finish passes on the result of a task, once it agrees with the record of an earlier
// run. If the task's item has another URL to ask, it has no result yet.
func (r *run) finish(t *hosts.Task, result downloader.Result) {
	if t.Before != nil {
		join(t.Before, &result)
	}
	if next := mirrorOf(t, &result); next != nil {
		if !r.hosts.Add(next) {
			r.end(next, next.InterruptedError())
		}
		r.hosts.Done()
		return
	}
	if t.Earlier != nil {
		r.reconcile(t.Earlier, &result)
	}
	started := t.Started
	if started.IsZero() {
		started = time.Now()
	}
	result.Timing.Queue = started.Sub(t.Read).Seconds()
	r.done(result)
}

// tellChanges passes on what has become of the hosts.
func (r *run) tellChanges() {
	if r.changes == nil {
		return
	}
	for _, change := range r.hosts.Events() {
		r.changes <- change
	}
}

// refused returns the outcome of a task that its host's robots.txt does not allow, or
// whose robots.txt cannot be fetched. Else it returns nil: the image may be fetched.
func (r *run) refused(ctx context.Context, t *hosts.Task) *work.Outcome {
	if r.manners == nil || weburl.IsData(t.URL) {
		return nil
	}
	url, err := weburl.Map(t.URL)
	if err != nil {
		return nil // the executor says why
	}
	rule, delay, allowed, err := r.manners.cache.Check(ctx, url)
	if err == nil && allowed {
		r.hosts.SetInterval(t, delay)
		return nil
	}
	outcome := &work.Outcome{Result: downloader.NewResult(t.Item, t.Started)}
	outcome.Result.Attempts = t.Attempts
	failure, known := errors.AsType[*downloader.Error](err)
	switch {
	case err == nil:
		failure = &downloader.Error{Class: downloader.ClassPolicy, Op: "robots.txt", Reason: rule}
	case !known:
		failure = downloader.FromContext(ctx, "robots.txt")
	case failure.Class != downloader.ClassCanceled:
		outcome.Result.Attempts++
		again := outcome.Result.Attempts-t.Forgiven <= failure.Retries(r.opts.Retries)
		wait := work.Backoff(r.opts.RetryMin, r.opts.RetryMax, outcome.Result.Attempts, rand.Float64())
		outcome.Trouble = work.TroubleOf(failure, again, wait)
	}
	outcome.Result.Timing.Total = time.Since(t.Started).Seconds()
	outcome.Result.Fail(failure)
	return outcome
}
