package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "grab/downloader"
)

// TestOptOut has a site that keeps some of its images out of data sets, by headers.
func TestOptOut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/noai":
			w.Header().Set("X-Robots-Tag", "nofollow, noimageai")
		case "/ours":
			w.Header().Set("X-Robots-Tag", "grab: none")
		case "/others":
			w.Header().Set("X-Robots-Tag", "otherbot: noai")
		case "/tdm":
			w.Header().Set("tdm-reservation", "1")
		}
		w.Write(picture)
	}))
	t.Cleanup(server.Close)
	eachMode(t, func(t *testing.T, opts Options) {
		for _, obeys := range []bool{true, false} {
			opts.Dir, opts.OptOut, opts.UserAgent = t.TempDir(), obeys, "grab/1.0"
			o := fetch(t, opts, server.URL+"/noai", server.URL+"/ours", server.URL+"/others", server.URL+"/tdm", server.URL+"/x")
			want := []Class{"", "", "", "", ""}
			if obeys {
				want = []Class{ClassOptOut, ClassOptOut, "", ClassOptOut, ""}
			}
			for i, r := range o.results {
				if r.Class != want[i] || r.Class != "" && (r.Attempts != 1 || r.File != "" || r.HTTPStatus != http.StatusOK) {
					t.Errorf("OptOut %v, %s: class %q, %d attempts, file %q: %s", obeys, r.URL, r.Class, r.Attempts, r.File, r.Error)
				}
			}
			if obeys && (o.summary.Classes[ClassOptOut] != 3 || !strings.Contains(o.results[1].Error, "X-Robots-Tag: none")) {
				t.Errorf("%v, %q", o.summary.Classes, o.results[1].Error)
			}
		}
	})
}

// TestOnlyOneFamily has addresses of a family that the run must not connect to.
func TestOnlyOneFamily(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(picture) }))
	t.Cleanup(server.Close)
	eachMode(t, func(t *testing.T, opts Options) {
		for _, six := range []bool{true, false} {
			opts.Dir, opts.IPv6Only, opts.IPv4Only = t.TempDir(), six, !six
			o := fetch(t, opts, server.URL+"/x", "http://[::1]:1/x")
			refused := o.results[map[bool]int{true: 0, false: 1}[six]]
			if refused.Class != ClassPolicy || refused.Attempts != 1 || !strings.Contains(refused.Error, "and only those may be used") {
				t.Errorf("class %q after %d attempts: %s", refused.Class, refused.Attempts, refused.Error)
			}
			if r := o.results[0]; !six && r.Class != "" {
				t.Errorf("class %q: %s", r.Class, r.Error)
			}
		}
	})
}
