package fetch

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// checkRetry decides after each attempt whether there is another. The library calls it
// with the outcome of the request, and again with the error of the response handler.
// Before it runs the handler, err is nil.
func (t *transfer) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if err == nil {
		t.failure = nil
		return false, nil
	}
	if resp != nil { // set here too, since the handler does not see the response of a refused redirect
		t.result.HTTPStatus, t.result.FinalURL = resp.StatusCode, resp.Request.URL.String()
	}
	at := t.tracker.Phase()
	own, isOwn := errors.AsType[*downloader.Error](err)
	if isOwn {
		t.failure = own // even if ctx has ended since then
	} else if ctx.Err() != nil {
		t.failure = downloader.FromContext(ctx, at.String())
	} else {
		t.failure = cause.Classify(err, at)
	}
	t.explainLoss()
	if t.failure.Class == downloader.ClassProtocol && !isOwn && t.failure.Retry != downloader.RetryNever && t.tracker.FailedOnReused() {
		t.failure.Retry = downloader.RetryBudget
	}
	if t.result.Attempts-t.forgiven > t.failure.Retries(t.opts.Retries) {
		return false, t.failure
	}
	if ctx.Err() != nil {
		return false, t.ended(ctx)
	}
	return true, nil
}

// explainLoss says why another run has to fetch again what came before the time was up.
func (t *transfer) explainLoss() {
	if t.lost > 0 && (t.failure.Class == downloader.ClassDeadline || t.failure.Class == downloader.ClassCanceled) {
		failure := *t.failure // others may have the same
		failure.Reason += fmt.Sprintf("; %d bytes had come, which cannot be continued: "+
			"the server does not say what version they are of (no strong ETag, no old Last-Modified)", t.lost)
		t.failure = &failure
	}
	t.lost = 0
}

// prepareRetry waits before another attempt. If the failure may concern the host's
// other images, it leaves the wait and the attempt to the caller of Do. It does not use
// the library's back-off, which cannot be interrupted by a drain, and cannot be capped
// before hashicorp/go-retryablehttp#247 is fixed.
func (t *transfer) prepareRetry(req *http.Request) error {
	t.tracker.Enter(live.PhasePause)
	t.wait = max(work.Backoff(t.opts.RetryMin, t.opts.RetryMax, t.result.Attempts, rand.Float64()), t.failure.RetryAfter)
	if work.NoAnswer(t.failure) || work.SlowBody(t.failure) && t.partial == nil || t.opts.Every > 0 || t.opts.Delay > 0 {
		t.retryLater = true
		return t.failure
	}
	req.Header = req.Header.Clone()
	req.Header.Del("Range")
	req.Header.Del("If-Range")
	if t.partial != nil {
		requestRest(&t.part, req.Header)
	}
	timer := time.NewTimer(t.wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-req.Context().Done():
		return t.ended(req.Context())
	case <-t.drain:
		t.failure = &downloader.Error{Class: downloader.ClassCanceled, Reason: "interrupted before another attempt; the last one: " + t.failure.Error()}
	}
	return t.failure
}

// ended makes the end of ctx the failure. Its reason repeats that of the last attempt.
func (t *transfer) ended(ctx context.Context) error {
	err := downloader.FromContext(ctx, live.PhaseStart.String())
	if last := t.failure; last.Class != err.Class {
		err.Reason += "; the last attempt: " + last.Error()
	}
	t.failure = err
	return err
}
