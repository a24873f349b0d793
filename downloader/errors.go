package downloader

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"time"

	"grab/downloader/internal/sanitize"
)

// Error says why an image was not fetched, or why a run cannot go on.
type Error struct {
	Class      Class
	Op         string        // what was being done: "connect", "read body"; may be empty
	Reason     string        // why it failed; may be empty if Err says it
	Retry      Retry         // how often to try again; zero: as the class says
	RetryAfter time.Duration // how long the server asked to wait; 0: it did not ask
	Err        error         // the cause; may be nil
}

// Error says what failed and why, in one line without control characters.
func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	for _, s := range []string{e.Op, e.Reason} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if len(parts) == 0 {
		return string(e.Class)
	}
	return sanitize.Text(strings.Join(parts, ": "), sanitize.MaxError)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's class.
func (e *Error) Is(target error) bool {
	class, ok := target.(Class)
	return ok && class == e.Class
}

// Retries returns how many more attempts an image may have after it failed with e.
// It is at most budget.
func (e *Error) Retries(budget int) int {
	retry := e.Retry
	if retry == RetryByClass {
		retry = e.Class.rule().retry
	}
	switch retry {
	case RetryBudget:
		return budget
	case RetryOnce:
		return min(1, budget)
	default:
		return 0
	}
}

// OfHost reports whether an image failed because of its host, so that the host's
// other images are likely to fail too.
func (e *Error) OfHost() bool {
	return e.RetryAfter > 0 || e.Class.Fault() == FaultHost && e.Retries(1) > 0
}

// LocalFailure returns the Error for a failure of this machine's own: of a staging
// file, a sink or an observer. An err that is an [*Error] already is returned as
// it is.
func LocalFailure(err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return &Error{Class: ClassDiskFull, Err: err}
		}
	}
	return &Error{Class: ClassIO, Err: err}
}

// FromContext returns why ctx ended, as an Error. op is what was being done.
func FromContext(ctx context.Context, op string) *Error {
	cause := context.Cause(ctx)
	if known, ok := errors.AsType[*Error](cause); ok {
		return &Error{Class: known.Class, Op: op, Reason: known.Reason}
	}
	if errors.Is(cause, context.DeadlineExceeded) {
		return &Error{Class: ClassDeadline, Op: op, Err: cause}
	}
	return &Error{Class: ClassCanceled, Op: op, Err: cause}
}
