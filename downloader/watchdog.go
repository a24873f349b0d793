package downloader

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// watchdog ends responses whose body falls silent, which net/http does not
// bound (golang/go#26941). It has no CloseIdleConnections on purpose: the retry
// library calls that after every failed image, which would close the idle
// connections of all others (hashicorp/go-retryablehttp#237).
type watchdog struct {
	base  *http.Transport
	stall time.Duration
}

// RoundTrip implements http.RoundTripper. Each request gets a context of its
// own, so that a silent body ends this attempt and not the whole image.
func (w *watchdog) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	resp, err := w.base.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	body := &watchedBody{ReadCloser: resp.Body, cancel: cancel, limit: w.stall}
	body.timer = time.AfterFunc(w.stall, func() {
		body.stalled.Store(true)
		cancel()
	})
	body.timer.Stop()
	resp.Body = body
	return resp, nil
}

// watchedBody is a response body. Its timer runs only while a read is pending:
// a slow disk is not the server's silence.
type watchedBody struct {
	io.ReadCloser
	cancel  context.CancelFunc // ends this attempt
	limit   time.Duration
	timer   *time.Timer
	stalled atomic.Bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.timer.Reset(b.limit)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if err != nil && err != io.EOF && b.stalled.Load() {
		err = &Error{Class: ClassStall, Op: phaseBody.String(), Reason: fmt.Sprintf("nothing received for %v", b.limit)}
	}
	return n, err
}

func (b *watchedBody) Close() error {
	b.timer.Stop()
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}
