package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/client"
	"grab/downloader/internal/coding"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// receive takes a response's body into a sealed staging file. It runs inside the retry
// loop, so that header and body share one budget of attempts. A response that is no image
// may be another request's if it came on a used connection. So receive ends that
// connection, and asks once more on a new one. The second response counts, whatever it is.
func (t *transfer) receive(resp *http.Response) error {
	begun, err := t.take(resp)
	if err != nil && t.doubts(resp, err) {
		first, host := err, resp.Request.URL.Host
		client.Break(resp)
		if err = t.askAgain(resp); err != nil {
			return err
		}
		begun, err = t.take(resp)
		t.confirmed.note(host, first, err)
	}
	if err != nil && !begun {
		discard(resp)
	}
	_ = resp.Body.Close()
	return err
}

// doubts reports whether a response that led to err is worth a second request.
func (t *transfer) doubts(resp *http.Response, err error) bool {
	if !client.Used(resp, t.tracker.Reused()) || !cause.Doubtful(err) {
		return false
	}
	if !cause.Surplus(err) && t.confirmed.believes(resp.Request.URL.Host) {
		return false
	}
	return !work.IsClosed(t.drain) && resp.Request.Context().Err() == nil
}

// askAgain sends the request that led to resp once more, with new connections, and puts
// the response in resp's place.
func (t *transfer) askAgain(resp *http.Response) error {
	first := resp.Request
	for first.Response != nil { // what redirected to it
		first = first.Response.Request
	}
	req := first.Clone(first.Context())
	if t.partial == nil {
		req.Header.Del("Range")
		req.Header.Del("If-Range")
	}
	t.tracker.Repeat()
	t.tracker.NewConnections(true)
	defer t.tracker.NewConnections(false)
	again, err := t.client.Do(req)
	if again != nil {
		*resp = *again
	}
	return err
}

// take takes a response into a sealed staging file. It reports whether it has begun to
// read the body.
func (t *transfer) take(resp *http.Response) (begun bool, err error) {
	t.tracker.Enter(live.PhaseBody)
	t.identity.Take(resp)
	t.result.HTTPStatus = resp.StatusCode
	t.result.FinalURL = resp.Request.URL.String()
	t.result.ContentType = shortHeader(resp.Header.Get("Content-Type"))
	t.result.ETag = shortHeader(resp.Header.Get("Etag"))
	t.result.LastModified = shortHeader(resp.Header.Get("Last-Modified"))
	_, t.unknownCoding = coding.Of(resp)
	if t.notModified = t.isUnchanged(resp); t.notModified {
		t.discardPartial()
		return false, nil
	}
	file, err := t.begin(resp)
	if err != nil {
		return false, err
	}
	joined := file.Size > 0
	body, err := coding.Decode(resp, t.opts.MaxSize)
	if err == nil {
		defer body.Close()
		err = t.save(resp.Request.Context(), file, body, resp.Body)
	}
	if err == nil {
		return true, nil
	}
	if t.keepForRetry(file, err) {
		return true, err
	}
	if t.part.Validator == "" {
		t.lost = file.Size
	}
	file.Discard()
	t.identified = false
	if bad, ok := errors.AsType[*downloader.Error](err); ok && (bad.Class == downloader.ClassImageTruncated || bad.Class == downloader.ClassImageCorrupt || bad.Class == downloader.ClassChecksum) {
		if joined {
			retryAll(bad, "put together from two responses, which may not belong together")
		} else if resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 {
			retryAll(bad, "the server did not say how long the body is") // RFC 9112 section 8
		}
	}
	return true, err
}

// retryAll allows a damaged image all attempts, since the damage may come from the
// transfer and not from the image itself. reason says why.
func retryAll(bad *downloader.Error, reason string) {
	bad.Retry, bad.Err = downloader.RetryBudget, fmt.Errorf("%s: %w", reason, bad.Err)
}

// An unwanted body is read to its end, so that its connection can be used again. A
// body that is longer or slower than these limits costs the connection instead.
const (
	discardLimit = 64 << 10 // bytes
	discardTime  = time.Second
)

// discard reads an unwanted body, within limits.
func discard(resp *http.Response) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return // the body is the bare connection: the read would not end
	}
	timer := time.AfterFunc(discardTime, func() { resp.Body.Close() })
	defer timer.Stop()
	_, _ = io.CopyN(io.Discard, resp.Body, discardLimit)
}

// save reads body to its end into file, checks it and seals it. It closes source, which
// body comes from, when that has been sealed.
func (t *transfer) save(ctx context.Context, file *stage.File, body io.Reader, source io.Closer) error {
	for {
		n, err := body.Read(file.Free())
		file.Add(n)
		t.counters.Bytes.Add(int64(n))
		t.limit.received.Add(int64(n))
		if file.Size > t.opts.MaxSize {
			return &downloader.Error{Class: downloader.ClassTooBig, Reason: fmt.Sprintf("more than %d bytes", t.opts.MaxSize)}
		}
		if err != nil && err != io.EOF {
			return err
		}
		if err := t.throttle.wait(ctx, n); err != nil {
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
	if err := t.verify(ctx, file); err != nil {
		return err
	}
	sum, err := file.Seal()
	if err != nil {
		return saveError(err)
	}
	if slices.Contains(t.opts.Reject.SHA256, sum) {
		return &downloader.Error{Class: downloader.ClassRejected, Reason: "its SHA-256 is " + sum}
	}
	if want := t.item.WantSHA256; want != "" && want != sum {
		return &downloader.Error{Class: downloader.ClassChecksum, Err: fmt.Errorf("SHA-256 is %s, and the list has %s", sum, want)}
	}
	if err := source.Close(); err != nil { // as late as possible: see [client.Used]
		return err
	}
	t.result.Bytes, t.result.SHA256 = file.Size, sum
	if t.opts.Mtime {
		t.setTime()
	}
	return nil
}

// setTime gives the sealed file the time of its Last-Modified. A time in the future is
// none (RFC 9110 section 8.8.2.1). A file that cannot have it keeps its own.
func (t *transfer) setTime() {
	when, err := http.ParseTime(t.result.LastModified)
	if err == nil && !when.After(time.Now()) {
		t.stager.SetTime(t.result.Index, when)
	}
}
