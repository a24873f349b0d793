package engine_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	. "grab/downloader"
)

// TestRetryStatus has a server that refuses the first requests for each image. The statuses
// that the options name get all attempts.
func TestRetryStatus(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		var mu sync.Mutex
		asked := map[string]int{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked[r.URL.Path]++
			n := asked[r.URL.Path]
			mu.Unlock()
			switch {
			case r.URL.Path == "/403.gif" && n <= 2:
				w.WriteHeader(http.StatusForbidden)
			case r.URL.Path == "/418.gif":
				w.WriteHeader(http.StatusTeapot)
			case r.URL.Path == "/404.gif":
				w.WriteHeader(http.StatusNotFound)
			case r.URL.Path == "/999.gif" && n == 1:
				w.WriteHeader(999)
			default:
				w.Write(picture)
			}
		}))
		t.Cleanup(server.Close)
		server.Config.SetKeepAlivesEnabled(false) // an error on a used connection is asked about once more anyway
		opts.RetryStatus = []int{403, 418, 999}
		results := fetch(t, opts, server.URL+"/403.gif", server.URL+"/418.gif", server.URL+"/404.gif", server.URL+"/999.gif").results
		expect(t, results[0], StatusOK, "", 3)
		expect(t, results[1], StatusFailed, ClassHTTP4xx, opts.Retries+1)
		expect(t, results[2], StatusFailed, ClassHTTP4xx, 1)
		expect(t, results[3], StatusOK, "", 2)
		opts.RetryStatus = nil
		expect(t, fetch(t, opts, server.URL+"/418.gif").results[0], StatusFailed, ClassHTTP4xx, 1)
	})
}
