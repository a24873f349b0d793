package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/client"
	"grab/downloader/internal/identity"
	"grab/downloader/internal/weburl"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// Do implements [work.Executor].
func (f *Fetcher) Do(ctx context.Context, j work.Job) work.Outcome {
	if j.HeaderTimedOut {
		client.CloseIdle(f.client) // idle connections can die without a sign, and often several do
	}
	t := &transfer{Fetcher: f, attemptsBefore: j.Attempts, forgiven: j.Forgiven, item: j.Item, validator: j.Validator, result: downloader.NewResult(j.Item, time.Now().Add(-j.Spent))}
	t.result.Attempts = j.Attempts
	switch left := f.opts.Timeout + j.Grown - j.Spent; {
	case f.opts.Timeout > 0 && f.opts.TimeoutGrows:
		ctx = t.limit.start(ctx, left, f.overdue)
		defer t.limit.stop()
	case f.opts.Timeout > 0:
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, left, f.overdue)
		defer cancel()
	}
	j.Follow(&t.tracker)
	err := t.withRoom(ctx)
	if err != nil {
		t.leavePartial(err)
	}
	t.result.Timing = j.Timing.Plus(t.tracker.Timing())
	t.result.Timing.Total = time.Since(t.result.Started).Seconds()
	if err != nil {
		t.result.Fail(err)
		return work.Outcome{
			Result: t.result, Trouble: work.TroubleOf(err, t.retryLater, t.wait),
			Grown: j.Grown + t.limit.grown(), Repeats: t.tracker.Repeats(),
		}
	}
	if t.notModified {
		t.result.Status = downloader.StatusSkipped
		return work.Outcome{Result: t.result}
	}
	t.result.Status = downloader.StatusOK
	return work.Outcome{Result: t.result, Staged: work.StagedFor(j.Item, t.ext()), Repeats: t.tracker.Repeats()}
}

// withRoom runs the transfer until it ends for another reason than a shortage of open
// files or local ports. Attempts that end for that reason do not count. The transfer
// tries twice at each turn, since what another image has just closed may take a moment
// to be free.
func (t *transfer) withRoom(ctx context.Context) *downloader.Error {
	if err := t.shortage.enter(ctx, t.drain); err != nil {
		return err
	}
	err := t.run(ctx)
	since := time.Now()
	for try := 1; err != nil && err.Class == downloader.ClassIO && cause.IsShortage(err.Err); try++ {
		t.tracker.Enter(live.PhasePause)
		advice := "no local ports left for %v: free some, or lower -n"
		if !errors.Is(err.Err, cause.ErrNoPort) { // closing would not help: a port stays taken for a while (RFC 9293 section 3.6.1)
			advice = "no open files left for %v: raise ulimit -n, or lower -n"
			client.CloseIdle(t.client)
		}
		working := try%2 == 1 // after every second try, the turn is given up
		if !working && !t.shortage.giveUpTurn(since) {
			err.Reason = fmt.Sprintf(advice, work.Patience)
			return err
		}
		stopped := work.Pause(ctx, t.drain, try)
		if stopped == nil && !working {
			stopped = t.shortage.enter(ctx, t.drain)
			working = stopped == nil
		}
		if stopped != nil {
			if working {
				t.shortage.leave()
			}
			return stopped
		}
		t.attemptsBefore = max(0, t.result.Attempts-1)
		err = t.run(ctx)
	}
	t.shortage.leave()
	return err
}

// run makes the attempts of the transfer.
func (t *transfer) run(ctx context.Context) *downloader.Error {
	if work.IsClosed(t.drain) {
		return work.InterruptedBeforeStart()
	}
	if weburl.IsData(t.item.URL) {
		return t.takeData(ctx)
	}
	target, err := weburl.Map(t.item.URL)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Err: err}
	}
	ctx = client.WithTracker(ctx, &t.tracker)
	if t.item.Ask != nil {
		ctx = identity.WithOwnHeader(ctx, t.item.Ask.Header)
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Err: err}
	}
	req.Header = t.header // shared by all requests: clone it before a change
	identity.SetOwnHeader(req.Request)
	identity.MoveUserinfo(req.Request)
	t.identity.Begin(req.Request)
	req.Host = req.Header.Get("Host")
	if t.validator.Name != "" {
		req.Header = req.Header.Clone()
		req.Header.Set(t.validator.Name, t.validator.Value)
	}
	if t.partial == nil {
		t.reopenPartial()
	}
	if t.partial != nil {
		req.Header = req.Header.Clone()
		requestRest(&t.part, req.Header)
	}
	req.SetResponseHandler(t.receive)
	// Each image has a retryablehttp.Client of its own, whose hooks are this
	// transfer's methods. The connections are in t.client, which all share.
	retrying := retryablehttp.Client{
		HTTPClient: t.client,
		RetryMax:   max(0, t.opts.Retries+t.forgiven-t.attemptsBefore),
		RequestLogHook: func(_ retryablehttp.Logger, _ *http.Request, retry int) {
			t.result.Attempts = t.attemptsBefore + retry + 1
		},
		CheckRetry:   t.checkRetry,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 }, // prepareRetry waits
		PrepareRetry: t.prepareRetry,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	refusedBefore := t.rangeRefused
	if _, err := retrying.Do(req); err != nil {
		if t.rangeRefused && !refusedBefore {
			// One request for the whole image tells. It is allowed whatever the number of
			// attempts: without the beginning, it would have been the first.
			t.attemptsBefore = t.result.Attempts
			return t.run(ctx)
		}
		if t.failure != nil {
			return t.failure
		}
		return cause.Classify(err, t.tracker.Phase())
	}
	return nil
}
