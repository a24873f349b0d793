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

// watchdog ends response bodies that stall or arrive too slowly. net/http does not
// limit that (golang/go#26941). It deliberately has no CloseIdleConnections method:
// the retry library calls that after each image that fails, which would close the
// idle connections of all other images (hashicorp/go-retryablehttp#237).
type watchdog struct {
	base     *guard
	stall    time.Duration // longest silence
	minSpeed int64         // bytes a second; 0: none
}

// RoundTrip implements [http.RoundTripper].
func (w *watchdog) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body := &watchedBody{ReadCloser: resp.Body, limit: w.stall, pace: pace{minimum: w.minSpeed}}
	if w.minSpeed > 0 && w.stall > paceWindow {
		body.limit = paceWindow // a body that is silent for so long is too slow
	}
	body.stall = body.limit == w.stall
	resp.Body = body
	return resp, nil
}

// watchedBody is a response body with time limits. The clocks run only during a
// read, so that a slow disk does not count as a slow server.
type watchedBody struct {
	io.ReadCloser
	limit  time.Duration // of a single read
	stall  bool          // whether exceeding the limit is a stall, and not slowness
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
		err = &downloader.Error{Class: downloader.ClassStall, Op: live.PhaseBody.String(),
			Reason: fmt.Sprintf("nothing received for %v", b.limit)}
	default:
		err = b.pace.failure()
	}
	return n, err
}

// watch starts the clock of a read. When the time is up, it closes the body. That
// ends the read and this attempt, and leaves the image its other attempts.
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

// The speed of a body is measured over its last minute, in slots.
const (
	paceWindow = time.Minute
	paceSlots  = 12
	paceSlot   = paceWindow / paceSlots
)

// pace measures how much of a body arrived during the last minute of reading.
type pace struct {
	minimum  int64                // bytes a second; 0: none
	slots    [paceSlots + 1]int64 // bytes by time of arrival: one window, and the current slot
	begun    int                  // number of slots before the current one
	waited   time.Duration        // time in the current slot
	received int64                // sum of the slots
}

// slow adds a read, and reports whether the body is too slow: more than a minute
// brought less than the minimum of a minute. It never is in the first minute.
func (p *pace) slow(n int, waited time.Duration) bool {
	if p.minimum == 0 {
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
	return p.begun >= paceSlots && p.received/int64(paceWindow/time.Second) < p.minimum
}

func (p *pace) failure() error {
	return &downloader.Error{Class: downloader.ClassSlow, Op: live.PhaseBody.String(),
		Reason: fmt.Sprintf("less than %d bytes a second for %v", p.minimum, paceWindow)}
}
