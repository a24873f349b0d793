package client

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// watchdog ends responses whose body falls silent or drips, which net/http does
// not bound (golang/go#26941). It has no CloseIdleConnections on purpose: the
// retry library calls that after every failed image, which would close the idle
// connections of all others (hashicorp/go-retryablehttp#237).
type watchdog struct {
	base  *border
	stall time.Duration
	least int64 // bytes a second; 0: none
}

// RoundTrip implements http.RoundTripper.
func (w *watchdog) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body := &watchedBody{ReadCloser: resp.Body, limit: w.stall, pace: pace{least: w.least}}
	if w.least > 0 && w.stall > paceWindow {
		body.limit = paceWindow // whoever is silent for so long is too slow
	}
	body.stall = body.limit == w.stall
	resp.Body = body
	return resp, nil
}

// watchedBody is a response body. Its clocks run only while a read is pending:
// a slow disk is not the server's silence.
type watchedBody struct {
	io.ReadCloser
	limit  time.Duration // of a single read
	stall  bool          // a read beyond the limit is a stall, and otherwise slow
	timer  *time.Timer   // nil before the first read
	silent atomic.Bool   // the limit was exceeded
	pace   pace
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.watch()
	began := time.Now()
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	switch {
	case err == nil:
		if b.pace.slow(n, time.Since(began)) {
			err = b.pace.failure()
		}
	case err == io.EOF || !b.silent.Load():
	case b.stall:
		err = &downloader.Error{Class: downloader.ClassStall, Op: live.PhaseBody.String(), Reason: fmt.Sprintf("nothing received for %v", b.limit)}
	default:
		err = b.pace.failure()
	}
	return n, err
}

// watch starts the clock of a read. A body that is closed meanwhile ends the
// read, and with it this attempt, not the whole image.
func (b *watchedBody) watch() {
	if b.timer != nil {
		b.timer.Reset(b.limit)
		return
	}
	b.timer = time.AfterFunc(b.limit, func() {
		b.silent.Store(true)
		b.ReadCloser.Close()
	})
}

// The pace of a body is measured over its last minute, in slots.
const (
	paceWindow = time.Minute
	paceSlots  = 12
	paceSlot   = paceWindow / paceSlots
)

// pace knows how much of a body came in the last minute that was spent waiting
// for it.
type pace struct {
	least    int64                // bytes a second; 0: none
	slots    [paceSlots + 1]int64 // bytes by the time of their arrival: a window, and the slot that has begun
	begun    int                  // slots before that one
	waited   time.Duration        // in that one
	received int64                // the sum of the slots
}

// slow takes in a read, and reports whether the body is too slow: less than a
// minute's least came in more than a minute. The first minute never is.
func (p *pace) slow(n int, waited time.Duration) bool {
	if p.least == 0 {
		return false
	}
	for p.waited += waited; p.waited >= paceSlot; p.waited -= paceSlot {
		p.begun++
		oldest := &p.slots[p.begun%len(p.slots)]
		p.received -= *oldest
		*oldest = 0
	}
	p.slots[p.begun%len(p.slots)] += int64(n)
	p.received += int64(n)
	return p.begun >= paceSlots && p.received/int64(paceWindow/time.Second) < p.least
}

func (p *pace) failure() error {
	return &downloader.Error{Class: downloader.ClassSlow, Op: live.PhaseBody.String(), Reason: fmt.Sprintf("less than %d bytes a second for %v", p.least, paceWindow)}
}
