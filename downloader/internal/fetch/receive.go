package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"grab/downloader"
	"grab/downloader/internal/stage"
	"grab/downloader/live"
)

// receive takes a response's body into a sealed staging file. It runs inside the retry
// loop, so that header and body share one budget of attempts.
func (t *transfer) receive(resp *http.Response) error {
	defer resp.Body.Close()
	t.tracker.Enter(live.PhaseBody)
	t.result.HTTPStatus = resp.StatusCode
	t.result.FinalURL = resp.Request.URL.String()
	t.result.ContentType = shortHeader(resp.Header.Get("Content-Type"))
	t.result.ETag = shortHeader(resp.Header.Get("Etag"))
	t.result.LastModified = shortHeader(resp.Header.Get("Last-Modified"))
	_, t.unknownCoding = contentCodings(resp)
	file, err := t.begin(resp)
	if err != nil {
		discard(resp)
		return err
	}
	joined := file.Size > 0
	body, err := decodeBody(resp, t.opts.MaxSize)
	if err == nil {
		defer body.Close()
		err = t.save(resp.Request.Context(), file, body)
	}
	if err == nil {
		return nil
	}
	if t.keepForRetry(file, err) {
		return err
	}
	if t.part.Validator == "" {
		t.lost = file.Size
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

// save reads body to its end into file, checks it and seals it.
func (t *transfer) save(ctx context.Context, file *stage.File, body io.Reader) error {
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
	t.result.Bytes, t.result.SHA256 = file.Size, sum
	return nil
}
