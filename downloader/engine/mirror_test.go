package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/list"
)

// TestMirrors asks for images at their further URLs when the first have failed for good. Each
// image has one result, which has the URL of the list.
func TestMirrors(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		var mu sync.Mutex
		var asked []string
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked = append(asked, r.URL.Path+" "+r.Header.Get("Referer"))
			mu.Unlock()
			switch {
			case strings.HasPrefix(r.URL.Path, "/gone"):
				w.WriteHeader(http.StatusNotFound)
			case strings.HasPrefix(r.URL.Path, "/page"):
				_, _ = w.Write([]byte("<html>"))
			case strings.HasPrefix(r.URL.Path, "/busy"):
				w.WriteHeader(http.StatusServiceUnavailable)
			default:
				_, _ = w.Write(picture)
			}
		})
		one, two := httptest.NewServer(handler), httptest.NewServer(handler)
		defer one.Close()
		defer two.Close()
		dead := httptest.NewServer(handler)
		dead.Close()
		table := "url,url_2,url_3,referer\n" + strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(
			"1/gone/0,2/0,1/x,http://page.test/\n"+
				"1/gone/1,2/gone/1b,1/page/1c,\n"+
				"1/2,2/2b,,\n"+
				"D/3,2/3b,,\n"+
				"1/busy/4,2/gone/4b,,\n"+
				"word,1/page/5,2/5b,\n", "1/", one.URL+"/"), "2/", two.URL+"/"), "D/", dead.URL+"/")
		read := func() Source { return list.Read(list.List{Name: "a.csv", Body: strings.NewReader(table)}) }
		opts.Retries, opts.RetryMin, opts.RetryMax = 1, time.Millisecond, time.Millisecond
		o := runIn(t.Context(), t, opts, Deps{}, read())
		for i, want := range []struct {
			url, final, class string
			attempts          int
			said              string
		}{
			{one.URL + "/gone/0", two.URL + "/0", "", 2, ""},
			{one.URL + "/gone/1", one.URL + "/page/1c", "not-image", 3, "at the URL before: 404 Not Found; at the URL before: 404 Not Found"},
			{one.URL + "/2", one.URL + "/2", "", 1, ""},
			{dead.URL + "/3", two.URL + "/3b", "", 3, ""},
			{one.URL + "/busy/4", two.URL + "/gone/4b", "http-5xx", 3, "503 Service Unavailable; at the mirror after it: 404 Not Found"},
			{one.URL + "/page/5", two.URL + "/5b", "", 2, ""},
		} {
			r := o.results[i]
			if r.URL != want.url || r.FinalURL != want.final || string(r.Class) != want.class || r.Attempts != want.attempts || !strings.Contains(r.Error, want.said) {
				t.Errorf("%d: %+v", i, r)
			}
		}
		slices.Sort(asked)
		asked = slices.Compact(asked) // a bad answer may be asked for once more, on another connection
		want := "[/0 http://page.test/ /2  /3b  /5b  /busy/4  /gone/0 http://page.test/ /gone/1  /gone/1b  /gone/4b  /page/1c  /page/5 ]"
		if fmt.Sprint(asked) != want {
			t.Errorf("asked for %v\nwant %v", asked, want)
		}
		asked = nil
		again := runIn(t.Context(), t, opts, Deps{}, read())
		slices.Sort(asked)
		if again.summary.Skipped != 4 || again.summary.Failed != 2 || len(slices.Compact(asked)) != 5 {
			t.Errorf("again: %+v, asked for %q", again.summary, asked)
		}
	})
}

// TestHeadersOfAnImage sends headers that are for one image. They do not go to another origin.
func TestHeadersOfAnImage(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A", "B")
		opts.Header = http.Header{"X-Key": {"all"}, "Referer": {"all"}}
		opts.Referer = RefererOrigin
		own := &Ask{Header: http.Header{"X-Key": {"own"}, "X-Secret": {"own"}, "Referer": {"own"}}}
		src := func(yield func(Item, error) bool) {
			_ = yield(Item{URL: urls["A"] + "/to/B/1", Ask: own}, nil) && yield(Item{Index: 1, URL: urls["A"] + "/2"}, nil)
		}
		o := runIn(t.Context(), t, opts, Deps{}, src)
		if o.summary.OK != 2 {
			t.Fatalf("%+v", o.results)
		}
		for _, r := range requests() {
			got := fmt.Sprint(r.header["X-Key"], r.header["X-Secret"], r.header["Referer"])
			want := map[string]string{"A/to/B/1": "[own] [own] [own]", "B/1": "[] [] [own]", "A/2": "[all] [] [all]"}[r.origin+r.path]
			if got != want {
				t.Errorf("%s%s: %s, want %s", r.origin, r.path, got, want)
			}
		}
		for _, r := range o.results {
			if r.Ask != nil {
				t.Errorf("a result has %+v", r.Ask)
			}
		}
	})
}
