package downloader

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

// shownError is how much of an error's text is told, in bytes.
const shownError = 500

// Class says what kind of failure a result is: one of a closed set that scripts
// can rely on. A Class is an error so that errors.Is(err, ClassTooBig) holds, on
// both sides of a child's pipe and after a manifest was read back.
type Class string

// The classes.
const (
	ClassURL              Class = "url"                // not an http or https URL
	ClassPolicy           Class = "policy"             // refused by a rule of grab's own
	ClassDNS              Class = "dns"                // the name could not be looked up
	ClassDNSNotFound      Class = "dns-nx"             // the name does not exist
	ClassConnect          Class = "connect"            // refused, unreachable
	ClassTLS              Class = "tls"                // handshake or certificate
	ClassProxy            Class = "proxy"              // the proxy failed
	ClassTimeoutConnect   Class = "timeout-connect"    // no connection in time
	ClassTimeoutHeader    Class = "timeout-header"     // no response headers in time
	ClassStall            Class = "stall"              // silence inside a body
	ClassSlow             Class = "slow"               // below the minimum rate
	ClassDeadline         Class = "deadline"           // the image's whole time is over
	ClassReset            Class = "reset"              // the connection broke
	ClassTruncated        Class = "truncated"          // the body ended early
	ClassEmptyReply       Class = "empty-reply"        // closed without a response
	ClassProtocol         Class = "protocol"           // not HTTP as it should be
	ClassHTTP4xx          Class = "http-4xx"           // status 4xx, but for 429
	ClassHTTP5xx          Class = "http-5xx"           // status 5xx
	ClassRateLimited      Class = "rate-limited"       // status 429, or told to come back later
	ClassTooManyRedirects Class = "too-many-redirects" //
	ClassRangeMismatch    Class = "range-mismatch"     // a part that is not the part asked for
	ClassEncoding         Class = "encoding"           // a content coding that was not asked for
	ClassTooBig           Class = "too-big"            // over the size limit
	ClassEmpty            Class = "empty"              // a success without a body
	ClassNotImage         Class = "not-image"          // the bytes are no image
	ClassImageTruncated   Class = "image-truncated"    // an image that ends early
	ClassImageCorrupt     Class = "image-corrupt"      // an image with damage inside
	ClassImageBomb        Class = "image-bomb"         // more pixels than allowed
	ClassName             Class = "name"               // no safe file name
	ClassExists           Class = "exists"             // a stranger's file is at the name
	ClassDiskFull         Class = "disk-full"          // disk or quota
	ClassIO               Class = "io"                 // local storage
	ClassLock             Class = "lock"               // the directory is in use
	ClassCanceled         Class = "canceled"           // the run was interrupted
	ClassWorkerLost       Class = "worker-lost"        // the child died, twice
	ClassInternal         Class = "internal"           // a fault of grab's own
)

// Classes returns all classes.
func Classes() []Class {
	return []Class{
		ClassURL, ClassPolicy, ClassDNS, ClassDNSNotFound, ClassConnect, ClassTLS, ClassProxy, ClassTimeoutConnect,
		ClassTimeoutHeader, ClassStall, ClassSlow, ClassDeadline, ClassReset, ClassTruncated, ClassEmptyReply, ClassProtocol,
		ClassHTTP4xx, ClassHTTP5xx, ClassRateLimited, ClassTooManyRedirects, ClassRangeMismatch, ClassEncoding, ClassTooBig,
		ClassEmpty, ClassNotImage, ClassImageTruncated, ClassImageCorrupt, ClassImageBomb, ClassName, ClassExists,
		ClassDiskFull, ClassIO, ClassLock, ClassCanceled, ClassWorkerLost, ClassInternal,
	}
}

// ParseClasses returns the classes of those names.
func ParseClasses(names []string) ([]Class, error) {
	var classes []Class
	for _, name := range names {
		if !slices.Contains(Classes(), Class(name)) {
			return nil, fmt.Errorf("%q is no class of failure", name)
		}
		classes = append(classes, Class(name))
	}
	return classes, nil
}

// Error returns the class's name.
func (c Class) Error() string { return string(c) }

// Error is why one image was not fetched, or why a run cannot go on.
type Error struct {
	Class      Class
	Op         string        // what was being done: "connect", "read body"; may be empty
	Reason     string        // why, in words; may be empty when Err says it
	RetryAfter time.Duration // how long the server asked to wait; 0: it did not
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
	return printable(strings.Join(parts, ": "), shownError)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's class.
func (e *Error) Is(target error) bool {
	class, ok := target.(Class)
	return ok && class == e.Class
}

// fatal reports whether the class ends a run: the local storage has failed, or grab
// itself, and no other image would fare better.
func (c Class) fatal() bool { return c == ClassDiskFull || c == ClassIO || c == ClassInternal }

// local reports whether the class says nothing about how a host does.
func (c Class) local() bool {
	switch c {
	case ClassURL, ClassPolicy, ClassName, ClassExists, ClassLock, ClassCanceled, ClassWorkerLost:
		return true
	}
	return c.fatal()
}

// localFailure is the Error for something that can only have failed on this
// machine: staging, a sink, an observer.
func localFailure(err error) *Error {
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

// fromContext returns why ctx ended, as an Error.
func fromContext(ctx context.Context, op string) *Error {
	cause := context.Cause(ctx)
	if known, ok := errors.AsType[*Error](cause); ok {
		return &Error{Class: known.Class, Op: op, Reason: known.Reason}
	}
	if errors.Is(cause, context.DeadlineExceeded) {
		return &Error{Class: ClassDeadline, Op: op, Err: cause}
	}
	return &Error{Class: ClassCanceled, Op: op, Err: cause}
}

// statusError is a response status that is no success.
type statusError int

func (s statusError) Error() string {
	if text := http.StatusText(int(s)); text != "" {
		return fmt.Sprintf("%d %s", int(s), text)
	}
	return fmt.Sprintf("status %d", int(s))
}

// transient reports whether the status is worth another request: RFC 9110
// section 15 and, for 520 to 524, what large caches send when their origin is
// away.
func (s statusError) transient() bool {
	switch s {
	case 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524:
		return true
	}
	return false
}
