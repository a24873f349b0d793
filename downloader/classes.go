package downloader

import (
	"fmt"
	"slices"
)

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
	ClassExists           Class = "exists"             // a stranger's file is at the name
	ClassDiskFull         Class = "disk-full"          // disk or quota
	ClassIO               Class = "io"                 // local storage
	ClassCanceled         Class = "canceled"           // the run was interrupted
	ClassWorkerLost       Class = "worker-lost"        // the child died, twice
	ClassInternal         Class = "internal"           // a fault of grab's own
)

// Fault says whose failure a class is.
type Fault string

// Whose failures there are.
const (
	FaultImage   Fault = "image"   // this image's alone: other images of its host may be fine
	FaultHost    Fault = "host"    // its host's: the host's other images are likely to fail as well
	FaultRequest Fault = "request" // nobody's who was asked: a rule of grab's, a name that is taken, an interrupt
	FaultMachine Fault = "machine" // this machine's storage
	FaultGrab    Fault = "grab"    // a bug
)

// Retry says how often an image that failed is tried again.
type Retry uint8

// How often.
const (
	RetryByClass Retry = iota // as often as its class says
	RetryNever
	RetryOnce   // the fault may pass, but is more often there to stay
	RetryBudget // as often as Options.Retries allows
)

// rule is what follows from a class of failures.
type rule struct {
	class Class
	fault Fault
	retry Retry // unless an [Error] says otherwise
}

// rules has the rule of each class.
var rules = [...]rule{
	{ClassURL, FaultRequest, RetryNever},
	{ClassPolicy, FaultRequest, RetryNever},
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
	{ClassHTTP5xx, FaultHost, RetryNever}, // but for those that pass: 500, 503
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
	{ClassExists, FaultRequest, RetryNever},
	{ClassDiskFull, FaultMachine, RetryNever},
	{ClassIO, FaultMachine, RetryNever},
	{ClassCanceled, FaultRequest, RetryNever},
	{ClassWorkerLost, FaultRequest, RetryNever},
	{ClassInternal, FaultGrab, RetryNever},
}

// rule returns what follows from c. A word that is no class is an image's failure.
func (c Class) rule() rule {
	for _, r := range rules {
		if r.class == c {
			return r
		}
	}
	return rule{class: c, fault: FaultImage, retry: RetryNever}
}

// Fault returns whose failure c is.
func (c Class) Fault() Fault { return c.rule().fault }

// EndsRun reports whether c ends a run: the local storage has failed, or grab
// itself, and no other image would fare better.
func (c Class) EndsRun() bool {
	fault := c.Fault()
	return fault == FaultMachine || fault == FaultGrab
}

// SaysNothingOfHost reports whether a result of class c says nothing about how
// its host does: the host was not asked, or its answer did not matter.
func (c Class) SaysNothingOfHost() bool { return c.Fault() == FaultRequest || c.EndsRun() }

// Classes returns all classes.
func Classes() []Class {
	var all []Class
	for _, r := range rules {
		all = append(all, r.class)
	}
	return all
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
