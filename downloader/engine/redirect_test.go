package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	. "grab/downloader"
)

// seen is what one request looked like to a server.
type seen struct {
	origin, path string // origin is the server's name in the test
	header       http.Header
	host         string
}

// origins starts one HTTP server for each name. A server answers /to/NAME/REST with a
// redirect to /REST on the server of that name, /beside/NAME/REST with one that leaves
// out the scheme, /here/REST with one that leaves out the server, and anything else
// with a picture.
func origins(t *testing.T, names ...string) (urls map[string]string, requests func() []seen) {
	urls = map[string]string{}
	var mu sync.Mutex
	var all []seen
	for _, name := range names {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			all = append(all, seen{name, r.URL.Path, r.Header.Clone(), r.Host})
			mu.Unlock()
			step, rest, _ := strings.Cut(r.URL.Path[1:], "/")
			name, path, _ := strings.Cut(rest, "/")
			there := urls[name] + "/" + path
			switch step {
			case "to":
				w.Header().Set("Location", there)
			case "beside":
				w.Header().Set("Location", strings.TrimPrefix(there, "http:"))
			case "here":
				w.Header().Set("Location", "/"+rest)
			default:
				w.Write(picture)
				return
			}
			w.WriteHeader(http.StatusFound)
		}))
		t.Cleanup(s.Close)
		urls[name] = s.URL
	}
	return urls, func() []seen {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// TestHeadersStayWithTheirOrigin follows redirects between two ports of one host. The
// user's headers go to the origin in the list and to no other. Once dropped, they are
// not sent again (CVE-2022-27774, CVE-2024-45336).
func TestHeadersStayWithTheirOrigin(t *testing.T) {
	secret := http.Header{
		"X-Api-Key": {"k"}, "Authorization": {"Basic eA=="}, "Cookie": {"a=b"}, "User-Agent": {"mine"},
		"Accept": {"image/png"}, "Host": {"virtual.test"}, "Referer": {"http://gallery.test/"},
	}
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A", "B")
		opts.Header = secret
		o := fetch(t, opts, urls["A"]+"/here/beside/B/here/to/B/to/A/image")
		expect(t, o.results[0], StatusOK, "", 1)
		if o.results[0].FinalURL != urls["A"]+"/image" {
			t.Errorf("final URL %s", o.results[0].FinalURL)
		}
		all := requests()
		if len(all) != 6 {
			t.Fatalf("%d requests", len(all))
		}
		for i, r := range all {
			home := i < 2 // the second is a redirect inside the first origin
			for name := range secret {
				value := r.header.Get(name)
				if name == "Host" {
					value = r.host
				}
				if mine := value == secret.Get(name); mine != home {
					t.Errorf("request %d, to %s%s, has %s: %q", i, r.origin, r.path, name, value)
				}
			}
			if !home && (r.header.Get("User-Agent") != "grab-test" || r.header.Get("Accept") == "" || r.header.Get("Referer") != "") {
				t.Errorf("request %d, to %s%s: %v", i, r.origin, r.path, r.header)
			}
		}
	})
}

// TestRequest checks the headers of a request to which the user adds nothing.
func TestRequest(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A")
		fetch(t, opts, urls["A"]+"/to/A/image")
		for _, r := range requests() {
			for name, want := range map[string]string{
				"Accept-Encoding": "identity", "User-Agent": "grab-test", "Referer": "", "Range": "", "Cookie": "", "Authorization": "",
			} {
				if got := r.header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", r.path, name, got, want)
				}
			}
		}
	})
}

// TestManyValuesOfOneHeader checks that all values are sent, in their order.
func TestManyValuesOfOneHeader(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A")
		opts.Header = http.Header{"x-list": {"a, b", "c"}}
		fetch(t, opts, urls["A"]+"/image")
		if got := requests()[0].header["X-List"]; len(got) != 2 || got[0] != "a, b" || got[1] != "c" {
			t.Errorf("%q", got)
		}
	})
}

// TestMaxRedirects checks that exactly the allowed number of redirects is followed.
func TestMaxRedirects(t *testing.T) {
	for limit, steps := range []int{0, 1, 2} {
		opts := options(t, modeCase{Sequential, 1})
		opts.MaxRedirects = limit
		urls, _ := origins(t, "A")
		hops := urls["A"] + strings.Repeat("/to/A", steps)
		o := fetch(t, opts, hops+"/image", hops+"/to/A/image")
		expect(t, o.results[0], StatusOK, "", 1)
		expect(t, o.results[1], StatusFailed, ClassTooManyRedirects, 1)
	}
}
