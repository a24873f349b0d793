package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
)

// hostage is a server of many hosts. One of them keeps each request for a while and
// then hangs up. The server measures how long that host kept workers while images of
// the others were missing.
type hostage struct {
	mu     sync.Mutex
	left   int // images of the others
	began  time.Time
	ended  time.Time // with the last of them
	kept   time.Duration
	visits int
}

const keeps = 50 * time.Millisecond

func (h *hostage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	if h.began.IsZero() {
		h.began = time.Now()
	}
	if r.Host != "evil.test" {
		if h.left--; h.left == 0 {
			h.ended = time.Now()
		}
		h.mu.Unlock()
		w.Write(picture)
		return
	}
	late := h.left == 0
	h.mu.Unlock()
	if !late {
		asked := time.Now()
		time.Sleep(keeps) // what it does
		h.mu.Lock()
		h.visits++
		h.kept += time.Since(asked)
		h.mu.Unlock()
	}
	panic(http.ErrAbortHandler)
}

// TestEvilHostAmongThousand plays A164: one host in a thousand keeps workers for
// nothing, and has every eleventh image. It may cost the others less than a tenth of
// the workers' time, beyond the first visit of each worker.
func TestEvilHostAmongThousand(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.RetryAfterMax = 100 * time.Millisecond // then it is given up
		h := &hostage{left: 2000}
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		opts.DialTo = server.Listener.Addr().String()
		var urls []string
		for i := range h.left {
			urls = append(urls, fmt.Sprintf("http://h%d.test/%d.jpg", i%1000, i))
			if i%10 == 7 {
				urls = append(urls, fmt.Sprintf("http://evil.test/%d.jpg", i))
			}
		}
		for _, r := range fetch(t, opts, urls...).results {
			if evil := strings.Contains(r.URL, "evil"); (r.Status == StatusFailed) != evil {
				t.Errorf("%s: %s (%s)", r.URL, r.Status, r.Error)
			}
		}
		all := h.ended.Sub(h.began) * time.Duration(opts.Workers)
		t.Logf("%d visits, %v of %v", h.visits, h.kept, all)
		if h.visits == 0 || h.kept > all/10+keeps {
			t.Errorf("in %d visits it kept workers for %v of %v", h.visits, h.kept, all)
		}
	})
}
