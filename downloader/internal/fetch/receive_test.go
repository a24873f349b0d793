package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/work"
)

// TestStatusFailure lists statuses, what they mean, and how long to wait.
func TestStatusFailure(t *testing.T) {
	opts := &downloader.Options{RetryAfterMax: time.Minute, RetryStatus: []int{418}}
	for _, c := range []struct {
		status int
		after  string
		class  downloader.Class
		retry  downloader.Retry
		wait   time.Duration
	}{
		{400, "", downloader.ClassHTTP4xx, downloader.RetryNever, 0},
		{404, "5", downloader.ClassHTTP4xx, downloader.RetryNever, 0},
		{403, "", downloader.ClassHTTP4xx, downloader.RetryNever, 0},
		{403, "5", downloader.ClassRateLimited, downloader.RetryBudget, 5 * time.Second},
		{420, "", downloader.ClassHTTP4xx, downloader.RetryNever, 0},
		{420, "5", downloader.ClassRateLimited, downloader.RetryBudget, 5 * time.Second},
		{418, "", downloader.ClassHTTP4xx, downloader.RetryBudget, 0},
		{408, "", downloader.ClassHTTP4xx, downloader.RetryBudget, 0},
		{429, "", downloader.ClassRateLimited, downloader.RetryBudget, 0},
		{429, "60", downloader.ClassRateLimited, downloader.RetryBudget, time.Minute},
		{429, "61", downloader.ClassRateLimited, downloader.RetryNever, 61 * time.Second},
		{500, "", downloader.ClassHTTP5xx, downloader.RetryBudget, 0},
		{501, "", downloader.ClassHTTP5xx, downloader.RetryNever, 0},
		{503, "5", downloader.ClassHTTP5xx, downloader.RetryBudget, 5 * time.Second},
		{503, "3600", downloader.ClassRateLimited, downloader.RetryNever, time.Hour},
		{599, "", downloader.ClassHTTP5xx, downloader.RetryNever, 0},
		{600, "", downloader.ClassHTTP4xx, downloader.RetryNever, 0},
	} {
		resp := responseOf(c.status, 0)
		if c.after != "" {
			resp.Header.Set("Retry-After", c.after)
		}
		e, ok := errors.AsType[*downloader.Error](statusFailure(resp, opts))
		if !ok || e.Class != c.class || e.Retry != c.retry || e.RetryAfter != c.wait {
			t.Errorf("%d after %q: %+v, want %s, %v, %v", c.status, c.after, e, c.class, c.retry, c.wait)
		}
	}
}

// TestCheckResponse lists headers of responses that bring no image.
func TestCheckResponse(t *testing.T) {
	tr := &transfer{Fetcher: &Fetcher{opts: downloader.Options{MaxSize: 100}}}
	for _, c := range []struct {
		status int
		length int64
		class  downloader.Class
	}{
		{200, 100, ""}, {200, -1, ""}, {203, 100, ""}, {299, 0, ""},
		{200, 101, downloader.ClassTooBig},
		{204, 0, downloader.ClassEmpty}, {205, 0, downloader.ClassEmpty},
		{206, 100, downloader.ClassProtocol}, {199, 0, downloader.ClassProtocol},
		{300, 100, downloader.ClassProtocol}, {304, 0, downloader.ClassProtocol}, {399, 0, downloader.ClassProtocol},
		{400, 0, downloader.ClassHTTP4xx}, {500, 0, downloader.ClassHTTP5xx},
	} {
		err := tr.checkResponse(responseOf(c.status, c.length))
		e, _ := errors.AsType[*downloader.Error](err)
		if (err == nil) != (c.class == "") || err != nil && e.Class != c.class {
			t.Errorf("%d with %d bytes: %v, want %q", c.status, c.length, err, c.class)
		}
	}
}

// TestConfirmed has a host whose failures come again, and one that mixes responses up.
func TestConfirmed(t *testing.T) {
	gone, empty := &downloader.Error{Class: downloader.ClassHTTP4xx}, &downloader.Error{Class: downloader.ClassEmpty}
	var c confirmed
	for n := range enoughConfirmed {
		if c.believes("a") {
			t.Errorf("believed after %d", n)
		}
		c.note("a", gone, gone)
	}
	if !c.believes("a") || c.believes("b") {
		t.Errorf("a is believed: %v, b: %v", c.believes("a"), c.believes("b"))
	}
	for _, second := range []error{empty, nil, context.Canceled} {
		c.note("a", gone, second)
		for range 10 * enoughConfirmed {
			c.note("a", gone, gone)
		}
		if c.believes("a") {
			t.Errorf("believed after %v", second)
		}
		c = confirmed{}
		c.note("a", gone, gone)
		c.note("a", gone, gone)
	}
}

// TestThrottle checks the limit of -limit-rate, which the children of process mode share.
func TestThrottle(t *testing.T) {
	for _, c := range []struct {
		opts downloader.Options
		want float64
	}{
		{downloader.Options{LimitRate: 100, Workers: 8}, 100},
		{downloader.Options{LimitRate: 100, Workers: 8, Mode: downloader.Process}, 12},
		{downloader.Options{LimitRate: 7, Workers: 8, Mode: downloader.Process}, 1},
	} {
		if got := float64(newThrottle(&c.opts).limiter.Limit()); got != c.want {
			t.Errorf("%+v: %v bytes a second, want %v", c.opts, got, c.want)
		}
	}
	if newThrottle(&downloader.Options{}).wait(t.Context(), 1<<40) != nil {
		t.Error("a limit that nobody asked for")
	}
	quick := newThrottle(&downloader.Options{LimitRate: 1 << 40})
	for _, n := range []int{0, 1, 3*throttleBurst + 1} { // more than the limiter takes at once
		if err := quick.wait(t.Context(), n); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	slow := newThrottle(&downloader.Options{LimitRate: 1})
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Millisecond, func() { cancel(cause) })
	if err := slow.wait(ctx, 2*throttleBurst); err != cause {
		t.Errorf("%v", err)
	}
}

// TestGrowingLimit checks that what was received makes the time of an image longer.
func TestGrowingLimit(t *testing.T) {
	overdue := &downloader.Error{Class: downloader.ClassDeadline}
	var l growingLimit
	ctx := l.start(t.Context(), time.Hour, overdue)
	l.until = time.Now().Add(-time.Second)
	l.received.Store(10 * steadySpeed)
	if l.check(); ctx.Err() != nil {
		t.Error("over after a second, with bytes for ten")
	}
	l.until = time.Now().Add(-10 * time.Second)
	if l.check(); context.Cause(ctx) != error(overdue) {
		t.Errorf("after ten seconds, with bytes for as much: %v", context.Cause(ctx))
	}
	l.stop()
	l.check() // a timer that has fired already
	l.received.Store(0)
	ctx = l.start(t.Context(), 0, overdue)
	<-ctx.Done()
	if l.stop(); context.Cause(ctx) != error(overdue) {
		t.Errorf("after no time: %v", context.Cause(ctx))
	}
}

// TestDamageOfTransfer has images that are damaged. All attempts are made if the server did
// not say how long the body is, since the transfer may have cut it.
func TestDamageOfTransfer(t *testing.T) {
	var whole bytes.Buffer
	if err := png.Encode(&whole, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	corrupt := bytes.Replace(whole.Bytes(), []byte("IDAT"), []byte("IDAX"), 1)
	cut := whole.Bytes()[:whole.Len()-4]
	other := strings.Repeat("0", 64)
	for _, c := range []struct {
		body  []byte
		sum   string
		class downloader.Class
	}{
		{whole.Bytes(), "", ""}, {cut, "", downloader.ClassImageTruncated}, {corrupt, "", downloader.ClassImageCorrupt},
		{whole.Bytes(), other, downloader.ClassChecksum},
	} {
		for _, length := range []bool{true, false} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Connection", "close")
				if length {
					w.Header().Set("Content-Length", fmt.Sprint(len(c.body)))
				} else {
					w.Header().Set("Transfer-Encoding", "identity")
				}
				_, _ = w.Write(c.body)
			}))
			tr := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.Verify = downloader.VerifyStructure })
			r := tr.Do(t.Context(), work.Job{Item: downloader.Item{URL: server.URL, WantSHA256: c.sum}}).Result
			server.Close()
			unsure := strings.Contains(r.Error, "the server did not say how long the body is")
			if r.Class != c.class || unsure != (c.class != "" && !length) || unsure && r.Attempts != 4 || !unsure && r.Attempts > 2 {
				t.Errorf("length %v: %s after %d attempts: %s; want %s", length, r.Class, r.Attempts, r.Error, c.class)
			}
		}
	}
}
