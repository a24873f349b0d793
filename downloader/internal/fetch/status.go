package fetch

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/robots"
)

// checkResponse refuses a response whose header shows that it brings no whole image.
func (t *transfer) checkResponse(resp *http.Response) error {
	switch code := resp.StatusCode; {
	case code >= 400:
		return statusFailure(resp, &t.opts)
	case code == http.StatusNoContent || code == http.StatusResetContent:
		return &downloader.Error{Class: downloader.ClassEmpty, Retry: downloader.RetryNever, Err: cause.StatusError(code)}
	case code == http.StatusPartialContent: // not requested: a cache may have mixed up two requests
		return &downloader.Error{Class: downloader.ClassProtocol, Retry: downloader.RetryOnce, Reason: "not a response to this request", Err: cause.StatusError(code)}
	case code < 200 || code >= 300:
		return &downloader.Error{Class: downloader.ClassProtocol, Reason: "not a response to this request", Err: cause.StatusError(code)}
	}
	if resp.ContentLength > t.opts.MaxSize {
		return &downloader.Error{Class: downloader.ClassTooBig, Reason: fmt.Sprintf("%d bytes announced, the limit is %d", resp.ContentLength, t.opts.MaxSize)}
	}
	return nil
}

// isUnchanged reports whether a response says that the image that is there is the newest
// (RFC 9110 section 15.4.5). Nobody may say that who was not asked.
func (t *transfer) isUnchanged(resp *http.Response) bool {
	return resp.StatusCode == http.StatusNotModified && t.validator.Name != "" && resp.Request.Header.Get(t.validator.Name) == t.validator.Value
}

// optOut refuses an image that its site keeps out of data sets, if the options ask for
// that.
func (t *transfer) optOut(resp *http.Response) error {
	if !t.opts.OptOut || resp.StatusCode >= 300 {
		return nil
	}
	if reason, out := robots.OptOut(resp.Header, t.header.Get("User-Agent")); out {
		return &downloader.Error{Class: downloader.ClassOptOut, Reason: reason}
	}
	return nil
}

// rejectURL refuses an image whose final URL is one that the user does not want. A 416 may
// say that the whole image is there already.
func (t *transfer) rejectURL(resp *http.Response) error {
	if resp.StatusCode >= 300 && resp.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		return nil
	}
	if pattern := t.opts.Reject.URL(t.result.FinalURL); pattern != "" {
		return &downloader.Error{Class: downloader.ClassRejected, Reason: "its final URL matches " + pattern}
	}
	return nil
}

// statusFailure returns the failure of a response with a status of 400 or above. A
// Retry-After that is longer than Options.RetryAfterMax is not waited for.
func statusFailure(resp *http.Response, opts *downloader.Options) error {
	status := cause.StatusError(resp.StatusCode)
	e := &downloader.Error{Class: downloader.ClassHTTP4xx, Retry: downloader.RetryNever, Err: status}
	wait, known := pauseOf(resp.Header, time.Now())
	limited := known && (status == http.StatusForbidden || status == statusEnhanceYourCalm)
	switch {
	case status == http.StatusTooManyRequests, limited:
		e.Class = downloader.ClassRateLimited
	case status >= 500 && status < 600: // a status above is not a server error (RFC 9110 section 15)
		e.Class = downloader.ClassHTTP5xx
	}
	if !status.Transient() && !limited && !slices.Contains(opts.RetryStatus, resp.StatusCode) {
		return e
	}
	e.Retry = downloader.RetryBudget
	if !known {
		return e
	}
	if wait > opts.RetryAfterMax {
		return &downloader.Error{Class: downloader.ClassRateLimited, Retry: downloader.RetryNever, RetryAfter: wait, Err: cause.RetryAfterError{Status: status, When: time.Now().Add(wait)}}
	}
	e.RetryAfter = wait
	return e
}
