//go:build conformance

package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	. "grab/downloader"
)

// TestOneNameOnManyHostsConformance plays A147: ten thousand images with the same name
// become as many files.
func TestOneNameOnManyHostsConformance(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startEcho(t, opts)
		wheres, urls := crowd()
		fetch(t, opts, urls...).numbered(t, wheres)
	})
}

// TestManyStallsConformance plays A165: each of ten thousand hosts that fall silent
// costs its limit once, and nothing else. A run that waited longer for each would not
// end in time.
func TestManyStallsConformance(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		var asked atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.Header().Set("Content-Length", "1000")
			w.Write(picture[:20])
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		t.Cleanup(server.Close)
		opts.DialTo, opts.StallTimeout, opts.Retries = server.Listener.Addr().String(), time.Millisecond, 0
		_, urls := crowd()
		for _, r := range fetch(t, opts, urls...).results {
			expect(t, r, StatusFailed, ClassStall, 1)
		}
		if n := asked.Load(); n != int64(len(urls)) {
			t.Errorf("%d requests for %d images", n, len(urls))
		}
	})
}

// crowd returns an image of the same name on each of ten thousand hosts.
func crowd() (wheres, urls []string) {
	for i := range 10_000 {
		where := fmt.Sprintf("h%d.test/same.jpg", i)
		wheres, urls = append(wheres, where), append(urls, "http://"+where)
	}
	return wheres, urls
}
