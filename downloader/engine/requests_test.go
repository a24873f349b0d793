package engine_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

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

// TestMtime has responses with dates, good and bad. A second run takes no file for changed.
func TestMtime(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		const date = "Sat, 03 Feb 2001 04:05:06 GMT"
		future := time.Now().Add(24 * time.Hour).UTC().Format(http.TimeFormat)
		dates := map[string]string{"/good": date, "/future": future, "/bad": "yesterday", "/none": "", "/joined": date}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if date := dates[r.URL.Path]; date != "" && r.Header.Get("Range") == "" {
				w.Header().Set("Last-Modified", date)
			}
			w.Header().Set("ETag", `"1"`)
			if r.URL.Path != "/joined" {
				w.Write(picture)
				return
			}
			if r.Header.Get("Range") != "" { // without Last-Modified, as RFC 9110 section 15.3.7 asks
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(picture)))
			w.Write(picture[:len(picture)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}))
		t.Cleanup(server.Close)
		opts.Mtime = true
		began := time.Now().Add(-time.Minute)
		var urls []string
		for _, path := range []string{"/good", "/joined", "/future", "/bad", "/none"} {
			urls = append(urls, server.URL+path)
		}
		want, _ := http.ParseTime(date)
		for run, status := range []Status{StatusOK, StatusSkipped} {
			for i, r := range fetch(t, opts, urls...).results {
				info, err := os.Stat(filepath.Join(opts.Dir, r.File))
				if err != nil || r.Status != status || r.Changed {
					t.Fatal(run, r, err)
				}
				if got := info.ModTime(); i < 2 && !got.Equal(want) || i >= 2 && (got.Before(began) || got.After(time.Now().Add(time.Minute))) {
					t.Errorf("%s: %v", r.URL, got)
				}
			}
		}
	})
}
