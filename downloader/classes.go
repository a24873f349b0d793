package downloader

import (
	"fmt"
	"net/http"
	"slices"
)

// Class is a kind of failure. The set of classes is fixed, so that scripts can rely
// on it. A Class is an error, so that errors.Is(err, ClassTooBig) works: also for
// an error that came from a child process or from a manifest.
type Class string

// The classes.
const (
	ClassURL              Class = "url"                // not an http, https or data: URL
	ClassPolicy           Class = "policy"             // refused by one of grab's own rules
	ClassOptOut           Class = "opt-out"            // the site keeps the file out of data sets
	ClassDNS              Class = "dns"                // the name could not be looked up
	ClassDNSNotFound      Class = "dns-nx"             // the name does not exist
	ClassConnect          Class = "connect"            // connection refused, or host unreachable
	ClassTLS              Class = "tls"                // handshake or certificate
	ClassProxy            Class = "proxy"              // the proxy failed or refused
	ClassTimeoutConnect   Class = "timeout-connect"    // no connection in time
	ClassTimeoutHeader    Class = "timeout-header"     // no response headers in time
	ClassStall            Class = "stall"              // the body stopped arriving
	ClassSlow             Class = "slow"               // the body arrived too slowly
	ClassDeadline         Class = "deadline"           // the time for the whole image is up
	ClassReset            Class = "reset"              // the connection broke
	ClassTruncated        Class = "truncated"          // the body ended early
	ClassEmptyReply       Class = "empty-reply"        // closed without a response
	ClassProtocol         Class = "protocol"           // the response is not valid HTTP
	ClassHTTP4xx          Class = "http-4xx"           // status 4xx, except 429
	ClassHTTP5xx          Class = "http-5xx"           // status 5xx
	ClassRateLimited      Class = "rate-limited"       // status 429, or a long Retry-After
	ClassTooManyRedirects Class = "too-many-redirects" //
	ClassRangeMismatch    Class = "range-mismatch"     // not the part of the image that was requested
	ClassEncoding         Class = "encoding"           // a content coding that cannot be decoded
	ClassTooBig           Class = "too-big"            // over the size limit
	ClassEmpty            Class = "empty"              // a successful response without a body
	ClassNotImage         Class = "not-image"          // the bytes are not an image
	ClassImageTruncated   Class = "image-truncated"    // an image that ends early
	ClassImageCorrupt     Class = "image-corrupt"      // an image with damage inside
	ClassImageBomb        Class = "image-bomb"         // more pixels than allowed
	ClassChecksum         Class = "checksum"           // not the SHA-256 that the list has
	ClassRejected         Class = "rejected"           // the user does not want it: see [Rejects]
	ClassExists           Class = "exists"             // a file that grab did not make has the name
	ClassDiskFull         Class = "disk-full"          // the disk or the quota is full
	ClassIO               Class = "io"                 // other failure of local storage
	ClassCanceled         Class = "canceled"           // the run was interrupted
	ClassWorkerLost       Class = "worker-lost"        // the child died, twice
	ClassInternal         Class = "internal"           // a bug in grab
)

// Fault says who is responsible for a class of failures.
type Fault string

// The faults.
const (
	FaultImage   Fault = "image"   // this image; other images of its host may be fine
	FaultHost    Fault = "host"    // its host, whose other images are likely to fail too
	FaultRequest Fault = "request" // no server: a rule of grab, a wish of the site, a name that is in use, an interrupt
	FaultMachine Fault = "machine" // this machine's storage
	FaultGrab    Fault = "grab"    // a bug in grab
)

// Retry says how often an image that failed is tried again.
type Retry uint8

// The numbers of retries.
const (
	RetryByClass Retry = iota // as often as its class says
	RetryNever
	RetryOnce   // the failure may pass, but most often does not
	RetryBudget // as often as Options.Retries allows
)

// Gone reports whether a failure is most likely for good: the name or the page does
// not exist, or what is there is no whole image, or none that is wanted. The status is that
// of HTTP.
func (c Class) Gone(status int) bool {
	switch c {
	case ClassDNSNotFound, ClassNotImage, ClassImageTruncated, ClassImageCorrupt, ClassRejected:
		return true
	case ClassHTTP4xx:
		return status == http.StatusNotFound || status == http.StatusGone
	}
	return false
}

// rule says how grab treats a class of failures.
type rule struct {
	class Class
	fault Fault
	retry Retry // unless an [Error] says otherwise
}

// rules has one rule for each class.
var rules = [...]rule{
	{ClassURL, FaultRequest, RetryNever},
	{ClassPolicy, FaultRequest, RetryNever},
	{ClassOptOut, FaultRequest, RetryNever},
	{ClassDNS, FaultHost, RetryBudget},
	{ClassDNSNotFound, FaultImage, RetryNever},
	{ClassConnect, FaultHost, RetryBudget},
	{ClassTLS, FaultHost, RetryBudget},
	{ClassProxy, FaultHost, RetryBudget},
	{ClassTimeoutConnect, FaultHost, RetryBudget},
	{ClassTimeoutHeader, FaultHost, RetryBudget},
	{ClassStall, FaultHost, RetryBudget},
	{ClassSlow, FaultHost, RetryBudget},
	{ClassDeadline, FaultImage, RetryNever},
	{ClassReset, FaultHost, RetryBudget},
	{ClassTruncated, FaultHost, RetryBudget},
	{ClassEmptyReply, FaultHost, RetryBudget},
	{ClassProtocol, FaultImage, RetryNever},
	{ClassHTTP4xx, FaultImage, RetryNever},
	{ClassHTTP5xx, FaultHost, RetryNever}, // except statuses that may pass, such as 503
	{ClassRateLimited, FaultHost, RetryBudget},
	{ClassTooManyRedirects, FaultImage, RetryNever},
	{ClassRangeMismatch, FaultImage, RetryBudget},
	{ClassEncoding, FaultImage, RetryNever},
	{ClassTooBig, FaultImage, RetryNever},
	{ClassEmpty, FaultImage, RetryOnce},
	{ClassNotImage, FaultImage, RetryNever},
	{ClassImageTruncated, FaultImage, RetryOnce},
	{ClassImageCorrupt, FaultImage, RetryOnce},
	{ClassImageBomb, FaultImage, RetryNever},
	{ClassChecksum, FaultImage, RetryOnce},
	{ClassRejected, FaultImage, RetryNever},
	{ClassExists, FaultRequest, RetryNever},
	{ClassDiskFull, FaultMachine, RetryNever},
	{ClassIO, FaultMachine, RetryNever},
	{ClassCanceled, FaultRequest, RetryNever},
	{ClassWorkerLost, FaultRequest, RetryNever},
	{ClassInternal, FaultGrab, RetryNever},
}

// rule returns the rule of c. An unknown class is the image's fault.
func (c Class) rule() rule {
	for _, r := range rules {
		if r.class == c {
			return r
		}
	}
	return rule{class: c, fault: FaultImage, retry: RetryNever}
}

// Fault returns who is responsible for failures of class c.
func (c Class) Fault() Fault { return c.rule().fault }

// EndsRun reports whether c ends a run. It does if local storage or grab itself
// has failed, since every other image would fail too.
func (c Class) EndsRun() bool {
	fault := c.Fault()
	return fault == FaultMachine || fault == FaultGrab
}

// SaysNothingOfHost reports whether a failure of class c says nothing about the
// state of its host: the host was not asked, or its answer did not matter.
func (c Class) SaysNothingOfHost() bool { return c.Fault() == FaultRequest || c.EndsRun() }

// Classes returns all classes.
func Classes() []Class {
	var all []Class
	for _, r := range rules {
		all = append(all, r.class)
	}
	return all
}

// ParseClasses returns the classes with these names.
func ParseClasses(names []string) ([]Class, error) {
	var classes []Class
	for _, name := range names {
		if !slices.Contains(Classes(), Class(name)) {
			return nil, fmt.Errorf("%q is not a class of failures", name)
		}
		classes = append(classes, Class(name))
	}
	return classes, nil
}

// Error returns the class's name.
func (c Class) Error() string { return string(c) }
