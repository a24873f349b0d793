package downloader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"grab/downloader/imagefile"
)

// An unwanted body is read so that its connection can be used again. One that
// is longer or slower than this costs the connection instead.
const (
	discardLimit = 64 << 10 // bytes
	discardTime  = time.Second
)

// keptHeader bounds what a result repeats of a response header, in bytes.
const keptHeader = 1 << 10

// executor does the work on items, one at a time.
type executor interface {
	// Do fetches an item as far as its sealed staging file. It always returns,
	// at the latest when ctx ends. When the host would not answer it does not
	// wait to ask again: it tells of the trouble, and the caller may call again.
	Do(ctx context.Context, j job) fetched
}

// fetched is what an executor made of an item.
type fetched struct {
	Result Result `json:"result"` // with the status ok: all but its place is known
	Staged Staged `json:"staged"` // the sealed file, if ok

	Trouble *trouble `json:"trouble,omitempty"` // failed, and for a reason that its host's other images may share

	Received int64 `json:"received"` // bytes that only the executor has counted: a child's since its last tick
}

// answers reports whether f is what an executor can make of item. A parent does
// not take a child's word for where files go.
func (f *fetched) answers(item Item) bool {
	if f.Result.Item != item.Public() || f.Trouble != nil && f.Result.Status != StatusFailed {
		return false
	}
	switch f.Result.Status {
	case StatusFailed, StatusCanceled:
		return f.Result.Class != ""
	case StatusOK:
		return f.Staged == stagedFor(item, f.Staged.Ext) && slices.Contains(imagefile.Extensions(), f.Staged.Ext)
	default:
		return false
	}
}

func stagedFor(item Item, ext string) Staged {
	return Staged{Item: item, Path: StateDir + "/" + stagedName(item.Index), Ext: ext}
}

// notBegun is the end of an item that an interrupt came before.
func notBegun() *Error {
	return &Error{Class: ClassCanceled, Reason: "interrupted before it began"}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// fetcher is the [executor] that does the work itself. It is safe for use by
// many goroutines, which share its connections.
type fetcher struct {
	opts     Options
	client   *http.Client
	header   http.Header
	stager   *stager
	counters *Counters
	drain    <-chan struct{} // closed: no new requests
	overdue  *Error          // the end of an image that takes longer than Options.Timeout
	pressure pressure
}

func newFetcher(opts Options, n network, stager *stager, counters *Counters, drain <-chan struct{}) *fetcher {
	return &fetcher{
		opts: opts, client: newClient(&opts, n), header: requestHeader(&opts), stager: stager,
		counters: counters, drain: drain,
		overdue: overdue(&opts),
	}
}

func overdue(opts *Options) *Error {
	return &Error{Class: ClassDeadline, Reason: fmt.Sprintf("not done within %v", opts.Timeout)}
}

// close closes the connections that are idle, which are all when no Do is running.
func (f *fetcher) close() { closeIdle(f.client) }

// Do implements [executor].
func (f *fetcher) Do(ctx context.Context, j job) fetched {
	if f.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.opts.Timeout-j.Spent, f.overdue)
		defer cancel()
	}
	if j.Unheard {
		closeIdle(f.client) // a connection can die without a sign while it is idle, and others beside it
	}
	t := &transfer{fetcher: f, before: j.Attempts, item: j.Item, result: NewResult(j.Item, time.Now().Add(-j.Spent))}
	t.result.Attempts = j.Attempts
	j.follow(&t.tracker)
	err := t.persist(ctx)
	if err != nil {
		t.leave(err)
	}
	t.result.Timing = j.Timing.plus(t.tracker.timing())
	t.result.Timing.Total = time.Since(t.result.Started).Seconds()
	if err != nil {
		t.result.fail(err)
		return fetched{Result: t.result, Trouble: troubleOf(err, t.again, t.wait)}
	}
	t.result.Status = StatusOK
	return fetched{Result: t.result, Staged: stagedFor(j.Item, t.format.Ext())}
}

// transfer is one image on its way, through all its attempts.
type transfer struct {
	*fetcher
	item    Item
	tracker tracker
	result  Result
	format  imagefile.Format
	failure *Error // of the last attempt

	identified bool     // the format is known
	begun      *staging // what attempts have left of the image; nil: nothing
	part       part     // of begun, or of the attempt in progress

	before int           // attempts of earlier calls, and of earlier runs in this one
	again  bool          // there is another attempt, but not in this call
	wait   time.Duration // before it
}

func (t *transfer) run(ctx context.Context) *Error {
	if closed(t.drain) {
		return notBegun()
	}
	req, err := retryablehttp.NewRequestWithContext(follow(ctx, &t.tracker), http.MethodGet, t.item.URL, nil)
	if err != nil {
		return &Error{Class: ClassURL, Op: "parse", Err: err}
	}
	req.Header = t.header // shared by all: who changes it takes a copy
	req.Host = req.Header.Get("Host")
	moveUserinfo(req.Request)
	if t.begun == nil {
		t.recall()
	}
	if t.begun != nil {
		req.Header = req.Header.Clone()
		askRest(&t.part, req.Header)
	}
	req.SetResponseHandler(t.receive)
	// One client for each image: its hooks are this transfer's methods. What is
	// worth sharing is in t.client.
	retrying := retryablehttp.Client{
		HTTPClient:     t.client,
		RetryMax:       max(0, t.opts.Retries-t.before),
		RequestLogHook: func(_ retryablehttp.Logger, _ *http.Request, retry int) { t.result.Attempts = t.before + retry + 1 },
		CheckRetry:     t.checkRetry,
		Backoff:        func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 }, // see prepareRetry
		PrepareRetry:   t.prepareRetry,
		ErrorHandler:   retryablehttp.PassthroughErrorHandler,
	}
	if _, err := retrying.Do(req); err != nil {
		if t.failure != nil {
			return t.failure
		}
		return classify(err, t.tracker.phase())
	}
	return nil
}

// receive takes a response's body into a sealed staging file. It runs inside the
// retry loop, so that headers and body share one budget.
func (t *transfer) receive(resp *http.Response) error {
	defer resp.Body.Close()
	t.tracker.enter(phaseBody)
	t.result.HTTPStatus = resp.StatusCode
	t.result.FinalURL = resp.Request.URL.String()
	t.result.ContentType = kept(resp.Header.Get("Content-Type"))
	t.result.ETag = kept(resp.Header.Get("Etag"))
	t.result.LastModified = kept(resp.Header.Get("Last-Modified"))
	file, err := t.begin(resp)
	if err != nil {
		discard(resp)
		return err
	}
	joined := file.size > 0
	if err = t.save(file, decoded(resp)); err == nil {
		return nil
	}
	if t.keep(file, err) {
		return err
	}
	file.discard()
	t.identified = false
	if bad, ok := errors.AsType[*Error](err); ok && (bad.Class == ClassImageTruncated || bad.Class == ClassImageCorrupt) {
		if joined {
			doubt(bad, "put together from two responses, which may not belong together")
		} else if resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 {
			doubt(bad, "the server did not say how long the body is") // RFC 9112 section 8
		}
	}
	return err
}

// doubt says why an image that is not whole is as likely to be its body's fault as
// its own, so that it is worth all attempts.
func doubt(bad *Error, reason string) {
	bad.Retry, bad.Err = RetryBudget, fmt.Errorf("%s: %w", reason, bad.Err)
}

// kept returns a header's value for the result, or nothing in place of one that
// is longer than anybody needs: part of a validator would be a wrong validator.
func kept(value string) string {
	if len(value) > keptHeader {
		return ""
	}
	return printable(value, 4*keptHeader)
}

// discard reads a body that nobody wants, within limits.
func discard(resp *http.Response) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return // the body is the bare connection: nothing would end the read
	}
	timer := time.AfterFunc(discardTime, func() { resp.Body.Close() })
	defer timer.Stop()
	_, _ = io.CopyN(io.Discard, resp.Body, discardLimit)
}

// checkResponse refuses what can be refused by the headers alone.
func (t *transfer) checkResponse(resp *http.Response) error {
	switch code := resp.StatusCode; {
	case code >= 400:
		return statusFailure(resp, t.opts.RetryAfterMax)
	case code == http.StatusNoContent || code == http.StatusResetContent:
		return &Error{Class: ClassEmpty, Retry: RetryNever, Err: statusError(code)}
	case code == http.StatusPartialContent: // nobody asked for a part: a cache may have mixed up two requests
		return &Error{Class: ClassProtocol, Retry: RetryOnce, Reason: "not a response to this request", Err: statusError(code)}
	case code < 200 || code >= 300:
		return &Error{Class: ClassProtocol, Reason: "not a response to this request", Err: statusError(code)}
	}
	if coding := contentCoding(resp); coding != "" && coding != "gzip" {
		return &Error{Class: ClassEncoding, Reason: "content coding that was not asked for: " + coding}
	}
	if resp.ContentLength > t.opts.MaxSize {
		return &Error{Class: ClassTooBig, Reason: fmt.Sprintf("%d bytes announced, the limit is %d", resp.ContentLength, t.opts.MaxSize)}
	}
	return nil
}

// save reads body to its end into file, checks it and seals it.
func (t *transfer) save(file *staging, body io.Reader) error {
	for {
		n, err := body.Read(file.free())
		file.add(n)
		t.counters.Bytes.Add(int64(n))
		if file.size > t.opts.MaxSize {
			return &Error{Class: ClassTooBig, Reason: fmt.Sprintf("more than %d bytes", t.opts.MaxSize)}
		}
		if err != nil && err != io.EOF {
			return err
		}
		if file.size > 0 && !t.identified && (file.full() || err == io.EOF) {
			if err := t.identify(file.head()); err != nil {
				return err
			}
			t.identified = true
		}
		if err == io.EOF {
			break
		}
		if file.full() {
			if err := file.flush(); err != nil {
				return unsaved(err)
			}
		}
	}
	if file.size == 0 {
		return &Error{Class: ClassEmpty, Reason: "a success with no body"}
	}
	if err := t.verify(file); err != nil {
		return err
	}
	sum, err := file.seal()
	if err != nil {
		return unsaved(err)
	}
	t.result.Bytes, t.result.SHA256 = file.size, sum
	return nil
}

// unsaved is the failure to write a staging file.
func unsaved(err error) error {
	failure := localFailure(err)
	failure.Op = "save"
	return failure
}
