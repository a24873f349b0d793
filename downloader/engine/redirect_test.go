package engine_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
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
// out the scheme, /here/REST with one that leaves out the server, /cookie/VALUE/REST
// with one that sets a cookie, and anything else with a picture.
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
			case "cookie": // name is its value
				w.Header().Set("Set-Cookie", "seen="+name+"; Path=/; HttpOnly")
				w.Header().Set("Location", "/"+path)
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
// user's headers that may be secrets go to the origin in the list and to no other. Once
// dropped, they are not sent again (CVE-2022-27774, CVE-2024-45336). What the user says
// of the client and of what it takes goes to every step.
func TestHeadersStayWithTheirOrigin(t *testing.T) {
	secret := http.Header{
		"X-Api-Key": {"k"}, "Authorization": {"Basic eA=="}, "Cookie": {"a=b"}, "Host": {"virtual.test"}, "Origin": {"http://me.test"},
	}
	public := http.Header{
		"User-Agent": {"mine"}, "referer": {"http://gallery.test/"}, "Accept": {"image/png"}, "Accept-Language": {"de, en"},
		"Accept-Encoding": {"gzip"},
	}
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A", "B")
		opts.Header = http.Header{}
		maps.Copy(opts.Header, secret)
		maps.Copy(opts.Header, public)
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
			for name, want := range public {
				if got := r.header.Values(name); !slices.Equal(got, want) {
					t.Errorf("request %d, to %s%s, has %s: %q, want %q", i, r.origin, r.path, name, got, want)
				}
			}
		}
	})
}

// TestCookiesOfAChain checks that a cookie that a redirect sets goes to the later steps of
// the same chain (RFC 6265 section 5.4), in place of the user's of the same name, and to no
// other image.
func TestCookiesOfAChain(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A")
		opts.Header = http.Header{"Cookie": {"seen=mine; own=1"}}
		o := fetch(t, opts, urls["A"]+"/cookie/first/cookie/second/image", urls["A"]+"/image")
		expect(t, o.results[0], StatusOK, "", 1)
		expect(t, o.results[1], StatusOK, "", 1)
		want := map[string]int{
			"/cookie/first/cookie/second/image seen=mine; own=1": 1, "/cookie/second/image own=1; seen=first": 1,
			"/image own=1; seen=second": 1, "/image seen=mine; own=1": 1,
		}
		for _, r := range requests() {
			want[r.path+" "+r.header.Get("Cookie")]--
		}
		for what, n := range want {
			if n != 0 {
				t.Errorf("%d too few requests: %s", n, what)
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
