// Package fetch takes one image from the request to a sealed staging file.
package fetch

import (
	"net/http"
	"time"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/internal/client"
	"grab/downloader/internal/identity"
	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// Fetcher is the [work.Executor] that fetches images itself. It is safe for use by
// many goroutines, which share its connections.
type Fetcher struct {
	opts     downloader.Options
	client   *http.Client
	identity *identity.Identity // nil: nothing is for single hosts
	header   http.Header
	stager   *stage.Dir
	counters *live.Counters
	drain    <-chan struct{}   // closed: no new requests
	limits   *imagefile.Limits // of decoding
	overdue  *downloader.Error // the failure of an image that takes longer than Options.Timeout
	throttle throttle
	shortage shortage

	confirmed confirmed
}

// New returns a Fetcher that stages files with stager. When drain is closed, it makes
// no more requests.
func New(opts downloader.Options, n client.Network, stager *stage.Dir, counters *live.Counters, drain <-chan struct{}) *Fetcher {
	id := identity.New(&opts)
	return &Fetcher{
		opts: opts, client: client.New(&opts, n, id), identity: id, header: identity.RequestHeader(&opts), stager: stager,
		counters: counters, drain: drain,
		limits:  imagefile.NewLimits(opts.MaxPixels, opts.DecodeMemory),
		overdue: work.Overdue(&opts), throttle: newThrottle(&opts),
	}
}

// Cookies returns the cookies that requests would get now, in Netscape's format.
func (f *Fetcher) Cookies() string { return f.identity.Cookies() }

// Close closes the idle connections. When no Do is running, those are all.
func (f *Fetcher) Close() { client.CloseIdle(f.client) }

// transfer is one image, through all attempts of one call of Do.
type transfer struct {
	*Fetcher
	item    downloader.Item
	tracker live.Tracker
	result  downloader.Result
	format  imagefile.Format
	failure *downloader.Error // of the last attempt

	identified bool        // format is known
	partial    *stage.File // what attempts have left of the image; nil: nothing
	part       stage.Part  // describes partial, or the file of the attempt in progress

	validator   downloader.Validator // of the image that is there; only another is wanted
	notModified bool                 // there is no other

	limit growingLimit // if Options.TimeoutGrows
	lost  int64        // bytes of the last attempt that cannot be continued

	unknownCoding string // of the response; empty: none
	rangeRefused  bool   // an attempt asked for the rest, and the server refuses that

	attemptsBefore int           // attempts of earlier calls of Do, and of earlier calls of run
	forgiven       int           // of these: those that do not count against Options.Retries
	retryLater     bool          // the image has another attempt, but not in this call
	wait           time.Duration // before that attempt
}

// maxShortHeader is the longest response header that a result repeats, in bytes.
const maxShortHeader = 1 << 10

// shortHeader returns a header's value for the result. It returns nothing for a value
// that is too long: part of a validator would be a wrong validator.
func shortHeader(value string) string {
	if len(value) > maxShortHeader {
		return ""
	}
	return sanitize.Text(value, 4*maxShortHeader)
}

// saveError returns the failure to write a staging file, or to read it back.
func saveError(err error) error {
	failure := downloader.LocalFailure(err)
	failure.Op = "save"
	return failure
}
