package fetch

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// checkRetry decides after each attempt, and once more after its body. The
// library asks with err nil before it runs the response handler.
func (t *transfer) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if err == nil {
		t.failure = nil
		return false, nil
	}
	if resp != nil { // also when its redirect was refused, which the handler does not see
		t.result.HTTPStatus, t.result.FinalURL = resp.StatusCode, resp.Request.URL.String()
	}
	at := t.tracker.Phase()
	known, ours := errors.AsType[*downloader.Error](err)
	if ours {
		t.failure = known // found out before the time was over, if it is
	} else if ctx.Err() != nil {
		t.failure = downloader.FromContext(ctx, at.String())
	} else {
		t.failure = client.Classify(err, at)
	}
	if t.failure.Class == downloader.ClassProtocol && !ours && t.failure.Retry != downloader.RetryNever && t.tracker.FailedOnReused() {
		t.failure.Retry = downloader.RetryBudget
	}
	if t.result.Attempts > t.failure.Retries(t.opts.Retries) {
		return false, t.failure
	}
	if ctx.Err() != nil {
		return false, t.ended(ctx)
	}
	return true, nil
}

// prepareRetry waits before another attempt, or leaves the attempt and the wait
// to who knows of the host's other images. It waits here and not in the library's
// back-off, which can neither be told to drain nor, before
// hashicorp/go-retryablehttp#247 is mended, be capped.
func (t *transfer) prepareRetry(req *http.Request) error {
	t.tracker.Enter(live.PhasePause)
	t.wait = max(work.Backoff(t.opts.RetryMin, t.opts.RetryMax, t.result.Attempts, rand.Float64()), t.failure.RetryAfter)
	if work.NoAnswer(t.failure) || work.SlowBody(t.failure) && t.partial == nil {
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

// ended makes the end of ctx the failure, and the last attempt's its reason.
func (t *transfer) ended(ctx context.Context) error {
	err := downloader.FromContext(ctx, live.PhaseStart.String())
	if last := t.failure; last.Class != err.Class {
		err.Reason += "; the last attempt: " + last.Error()
	}
	t.failure = err
	return err
}

// statusFailure is the error for a response of status 400 and above.
func statusFailure(resp *http.Response, longest time.Duration) error {
	status := client.StatusError(resp.StatusCode)
	e := &downloader.Error{Class: downloader.ClassHTTP4xx, Retry: downloader.RetryNever, Err: status}
	switch {
	case status == http.StatusTooManyRequests:
		e.Class = downloader.ClassRateLimited
	case status >= 500 && status < 600: // what is above is no server's error (RFC 9110 section 15)
		e.Class = downloader.ClassHTTP5xx
	}
	if !status.Transient() {
		return e
	}
	e.Retry = downloader.RetryBudget
	wait, told := retryAfter(resp.Header, time.Now())
	if !told {
		return e
	}
	if wait > longest {
		return &downloader.Error{Class: downloader.ClassRateLimited, Retry: downloader.RetryNever, RetryAfter: wait, Err: client.RetryAfterError{Status: status, When: time.Now().Add(wait)}}
	}
	e.RetryAfter = wait
	return e
}

// maxRetryAfter bounds what a Retry-After can mean: a year. Dates beyond it count
// as a year, longer numbers of seconds as nonsense.
const maxRetryAfter = 365 * 24 * time.Hour

// retryAfter reads how long the server wants to be left alone: seconds or one of
// the three forms of a date (RFC 9110 sections 5.6.7 and 10.2.3). A date counts
// from the server's own clock if it sent it. What is not well formed is ignored.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	values := h["Retry-After"]
	if len(values) != 1 {
		return 0, false
	}
	value := strings.TrimSpace(values[0])
	if value != "" && strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return 0, false // no server means that
		}
		return time.Duration(seconds) * time.Second, true
	}
	when, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, when.Sub(now)), maxRetryAfter), true
}
