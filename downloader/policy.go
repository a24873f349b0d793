package downloader

import (
	"errors"
	"net/http"
)

// retries returns how often an image that failed with e is tried again, of at
// most budget.
func retries(e *Error, budget int) int {
	var status statusError
	answered := errors.As(e.Err, &status)
	switch e.Class {
	case ClassDNS, ClassConnect, ClassTLS, ClassProxy, ClassTimeoutConnect, ClassTimeoutHeader, ClassStall, ClassSlow,
		ClassReset, ClassTruncated, ClassEmptyReply, ClassRateLimited, ClassRangeMismatch:
		if permanent(e.Err) || e.Class == ClassProxy && answered && !status.transient() {
			return 0
		}
		return budget
	case ClassHTTP4xx, ClassHTTP5xx:
		if answered && status.transient() {
			return budget
		}
	case ClassEncoding:
		if errors.Is(e.Err, errCoding) {
			return budget
		}
	case ClassImageTruncated, ClassImageCorrupt:
		if errors.Is(e.Err, errUnframed) || errors.Is(e.Err, errJoined) {
			return budget
		}
		return min(1, budget) // may be a passing fault, is more often the image itself
	case ClassEmpty:
		if !answered {
			return min(1, budget)
		}
	case ClassProtocol:
		if answered && status == http.StatusPartialContent {
			return min(1, budget) // nobody asked for a part: a cache may have mixed up two requests
		}
		if errors.Is(e.Err, errGarbled) {
			return min(1, budget)
		}
	}
	return 0
}

// ofHost reports whether an image failed because its host did, so that its other
// images are likely to fail as well.
func ofHost(e *Error) bool {
	switch e.Class {
	case ClassDNS, ClassConnect, ClassTLS, ClassProxy, ClassTimeoutConnect, ClassTimeoutHeader, ClassStall, ClassSlow,
		ClassReset, ClassTruncated, ClassEmptyReply, ClassHTTP5xx, ClassRateLimited:
		return e.RetryAfter > 0 || retries(e, 1) > 0
	}
	return e.RetryAfter > 0
}

// unanswered reports whether e is a host's failure to answer, or its wish to be
// left alone. A body that broke off is not: its image is asked for again.
func unanswered(e *Error) bool {
	return !silent(e) && e.Class != ClassTruncated && ofHost(e) && e.Op != phaseBody.String()
}

// silent reports whether e is a body that took its time and did not come.
func silent(e *Error) bool { return e.Class == ClassStall || e.Class == ClassSlow }
