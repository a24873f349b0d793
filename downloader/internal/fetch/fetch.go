package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/internal/client"
	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// An unwanted body is read so that its connection can be used again. One that
// is longer or slower than this costs the connection instead.
const (
	discardLimit = 64 << 10 // bytes
	discardTime  = time.Second
)

// keptHeader bounds what a result repeats of a response header, in bytes.
const maxShortHeader = 1 << 10

// fetcher is the [executor] that does the work itself. It is safe for use by
// many goroutines, which share its connections.
type Fetcher struct {
	opts     downloader.Options
	client   *http.Client
	header   http.Header
	stager   *stage.Dir
	counters *live.Counters
	drain    <-chan struct{}   // closed: no new requests
	overdue  *downloader.Error // the end of an image that takes longer than Options.Timeout
	shortage shortage
}

func New(opts downloader.Options, n client.Network, stager *stage.Dir, counters *live.Counters, drain <-chan struct{}) *Fetcher {
	return &Fetcher{
		opts: opts, client: client.New(&opts, n), header: client.RequestHeader(&opts), stager: stager,
		counters: counters, drain: drain,
		overdue: work.Overdue(&opts),
	}
}

// close closes the connections that are idle, which are all when no Do is running.
func (f *Fetcher) Close() { client.CloseIdle(f.client) }

// Do implements [executor].
func (f *Fetcher) Do(ctx context.Context, j work.Job) work.Outcome {
	if f.opts.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.opts.Timeout-j.Spent, f.overdue)
		defer cancel()
	}
	if j.HeaderTimedOut {
		client.CloseIdle(f.client) // a connection can die without a sign while it is idle, and others beside it
	}
	t := &transfer{Fetcher: f, attemptsBefore: j.Attempts, item: j.Item, result: downloader.NewResult(j.Item, time.Now().Add(-j.Spent))}
	t.result.Attempts = j.Attempts
	j.Follow(&t.tracker)
	err := t.withRoom(ctx)
	if err != nil {
		t.leavePartial(err)
	}
	t.result.Timing = j.Timing.Plus(t.tracker.Timing())
	t.result.Timing.Total = time.Since(t.result.Started).Seconds()
	if err != nil {
		t.result.Fail(err)
		return work.Outcome{Result: t.result, Trouble: work.TroubleOf(err, t.retryLater, t.wait)}
	}
	t.result.Status = downloader.StatusOK
	return work.Outcome{Result: t.result, Staged: work.StagedFor(j.Item, t.format.Ext())}
}

// transfer is one image on its way, through all its attempts.
type transfer struct {
	*Fetcher
	item    downloader.Item
	tracker live.Tracker
	result  downloader.Result
	format  imagefile.Format
	failure *downloader.Error // of the last attempt

	identified bool        // the format is known
	partial      *stage.File // what attempts have left of the image; nil: nothing
	part       stage.Part  // of begun, or of the attempt in progress

	attemptsBefore int           // attempts of earlier calls, and of earlier runs in this one
	retryLater  bool          // there is another attempt, but not in this call
	wait   time.Duration // before it
}

func (t *transfer) run(ctx context.Context) *downloader.Error {
	if work.IsClosed(t.drain) {
		return work.InterruptedBeforeStart()
	}
	req, err := retryablehttp.NewRequestWithContext(client.WithTracker(ctx, &t.tracker), http.MethodGet, t.item.URL, nil)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Err: err}
	}
	req.Header = t.header // shared by all: who changes it takes a copy
	req.Host = req.Header.Get("Host")
	client.MoveUserinfo(req.Request)
	if t.partial == nil {
		t.reopenPartial()
	}
	if t.partial != nil {
		req.Header = req.Header.Clone()
		requestRest(&t.part, req.Header)
	}
	req.SetResponseHandler(t.receive)
	// One client for each image: its hooks are this transfer's methods. What is
	// worth sharing is in t.client.
	retrying := retryablehttp.Client{
		HTTPClient:     t.client,
		RetryMax:       max(0, t.opts.Retries-t.attemptsBefore),
		RequestLogHook: func(_ retryablehttp.Logger, _ *http.Request, retry int) { t.result.Attempts = t.attemptsBefore + retry + 1 },
		CheckRetry:     t.checkRetry,
		Backoff:        func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 }, // see prepareRetry
		PrepareRetry:   t.prepareRetry,
		ErrorHandler:   retryablehttp.PassthroughErrorHandler,
	}
	if _, err := retrying.Do(req); err != nil {
		if t.failure != nil {
			return t.failure
		}
		return client.Classify(err, t.tracker.Phase())
	}
	return nil
}

// receive takes a response's body into a sealed staging file. It runs inside the
// retry loop, so that headers and body share one budget.
func (t *transfer) receive(resp *http.Response) error {
	defer resp.Body.Close()
	t.tracker.Enter(live.PhaseBody)
	t.result.HTTPStatus = resp.StatusCode
	t.result.FinalURL = resp.Request.URL.String()
	t.result.ContentType = shortHeader(resp.Header.Get("Content-Type"))
	t.result.ETag = shortHeader(resp.Header.Get("Etag"))
	t.result.LastModified = shortHeader(resp.Header.Get("Last-Modified"))
	file, err := t.begin(resp)
	if err != nil {
		discard(resp)
		return err
	}
	joined := file.Size > 0
	if err = t.save(file, decodeBody(resp)); err == nil {
		return nil
	}
	if t.keepForRetry(file, err) {
		return err
	}
	file.Discard()
	t.identified = false
	if bad, ok := errors.AsType[*downloader.Error](err); ok && (bad.Class == downloader.ClassImageTruncated || bad.Class == downloader.ClassImageCorrupt) {
		if joined {
			retryAll(bad, "put together from two responses, which may not belong together")
		} else if resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 {
			retryAll(bad, "the server did not say how long the body is") // RFC 9112 section 8
		}
	}
	return err
}

// doubt says why an image that is not whole is as likely to be its body's fault as
// its own, so that it is worth all attempts.
func retryAll(bad *downloader.Error, reason string) {
	bad.Retry, bad.Err = downloader.RetryBudget, fmt.Errorf("%s: %w", reason, bad.Err)
}

// kept returns a header's value for the result, or nothing in place of one that
// is longer than anybody needs: part of a validator would be a wrong validator.
func shortHeader(value string) string {
	if len(value) > maxShortHeader {
		return ""
	}
	return sanitize.Text(value, 4*maxShortHeader)
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
		return &downloader.Error{Class: downloader.ClassEmpty, Retry: downloader.RetryNever, Err: client.StatusError(code)}
	case code == http.StatusPartialContent: // nobody asked for a part: a cache may have mixed up two requests
		return &downloader.Error{Class: downloader.ClassProtocol, Retry: downloader.RetryOnce, Reason: "not a response to this request", Err: client.StatusError(code)}
	case code < 200 || code >= 300:
		return &downloader.Error{Class: downloader.ClassProtocol, Reason: "not a response to this request", Err: client.StatusError(code)}
	}
	if coding := contentCoding(resp); coding != "" && coding != "gzip" {
		return &downloader.Error{Class: downloader.ClassEncoding, Reason: "content coding that was not asked for: " + coding}
	}
	if resp.ContentLength > t.opts.MaxSize {
		return &downloader.Error{Class: downloader.ClassTooBig, Reason: fmt.Sprintf("%d bytes announced, the limit is %d", resp.ContentLength, t.opts.MaxSize)}
	}
	return nil
}

// save reads body to its end into file, checks it and seals it.
func (t *transfer) save(file *stage.File, body io.Reader) error {
	for {
		n, err := body.Read(file.Free())
		file.Add(n)
		t.counters.Bytes.Add(int64(n))
		if file.Size > t.opts.MaxSize {
			return &downloader.Error{Class: downloader.ClassTooBig, Reason: fmt.Sprintf("more than %d bytes", t.opts.MaxSize)}
		}
		if err != nil && err != io.EOF {
			return err
		}
		if file.Size > 0 && !t.identified && (file.Full() || err == io.EOF) {
			if err := t.identify(file.Head()); err != nil {
				return err
			}
			t.identified = true
		}
		if err == io.EOF {
			break
		}
		if file.Full() {
			if err := file.Flush(); err != nil {
				return saveError(err)
			}
		}
	}
	if file.Size == 0 {
		return &downloader.Error{Class: downloader.ClassEmpty, Reason: "a success with no body"}
	}
	if err := t.verify(file); err != nil {
		return err
	}
	sum, err := file.Seal()
	if err != nil {
		return saveError(err)
	}
	t.result.Bytes, t.result.SHA256 = file.Size, sum
	return nil
}

// unsaved is the failure to write a staging file.
func saveError(err error) error {
	failure := downloader.LocalFailure(err)
	failure.Op = "save"
	return failure
}
