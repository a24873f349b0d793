package engine_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
	"grab/testserver"
)

// TestOddDates plays B51: a date that a server sends for an image causes no failure,
// and is not the time of the file. Each body breaks once, when the date is its only
// validator.
func TestOddDates(t *testing.T) {
	dates := []string{"Mon, 01 Jan 1601 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "-1", "Sat, 99 Foo 20000000000 99:99:99 GMT"}
	image, err := testserver.Image("/image/0.jpg?bytes=150000", 0)
	if err != nil {
		t.Fatal(err)
	}
	eachMode(t, func(t *testing.T, opts Options) {
		var asked sync.Map
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, err := strconv.Atoi(r.URL.Path[1:])
			if err != nil {
				t.Error(err)
				return
			}
			w.Header().Set("Content-Type", "image/jpeg")
			w.Header().Set("Content-Length", strconv.Itoa(len(image)))
			w.Header().Set("Last-Modified", dates[n])
			if _, again := asked.LoadOrStore(n, true); again {
				_, _ = w.Write(image)
				return
			}
			_, _ = w.Write(image[:100_000])
			panic(http.ErrAbortHandler)
		}))
		defer server.Close()
		began := time.Now().Add(-time.Minute)
		var urls []string
		for i := range dates {
			urls = append(urls, server.URL+"/"+strconv.Itoa(i))
		}
		o := fetch(t, opts, urls...)
		for i, r := range o.results {
			expect(t, r, StatusOK, "", 2)
			info, err := os.Stat(filepath.Join(o.dir, r.File))
			if err != nil || info.Size() != int64(len(image)) || info.ModTime().Before(began) || info.ModTime().After(time.Now().Add(time.Minute)) {
				t.Errorf("%q: %v, %v", dates[i], info, err)
			}
		}
	})
}
