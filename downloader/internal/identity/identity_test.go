package identity

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"grab/downloader"
)

// requestFor returns a request as all requests of a run begin.
func requestFor(t *testing.T, url string, shared http.Header) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = shared
	return req
}

func shown(h http.Header) string {
	return fmt.Sprintf("%s; %s; %s; %s", h.Get("X-Key"), h.Get("Referer"), h.Get("Authorization"), h.Get("Cookie"))
}

// TestIdentity checks what the first request for an image gets by its host, and what the next
// one does after a redirect.
func TestIdentity(t *testing.T) {
	o := &downloader.Options{
		Header: http.Header{"X-Key": {"all"}, "Cookie": {"own=1"}}, MaxRedirects: 9, Referer: downloader.RefererOrigin,
		HostHeader: map[string]http.Header{"a.test": {"X-Key": {"a"}}, "a.test:8080": {"X-Key": {"a8080"}}, "c.test": {"Cookie": {"c=1"}}},
		Cookies:    "b.test\tFALSE\t/\tFALSE\t0\tjar\tb\nc.test\tFALSE\t/\tFALSE\t0\tjar\tc\nd.test\tFALSE\t/\tFALSE\t0\tjar\td\n",
		Netrc:      "machine b.test login me password word",
	}
	const login = "Basic bWU6d29yZA=="
	id := New(o)
	shared := RequestHeader(o)
	for url, want := range map[string]string{
		"http://a.test/x":       "a; http://a.test/; ; own=1",
		"http://A.test:8080/x":  "a8080; http://A.test:8080/; ; own=1",
		"https://a.test:443/x":  "a; https://a.test:443/; ; own=1",
		"http://b.test/x":       "all; http://b.test/; " + login + "; own=1; jar=b",
		"http://c.test/x":       "all; http://c.test/; ; c=1; jar=c",
		"http://other.test/x?y": "all; http://other.test/; ; own=1",
	} {
		req := requestFor(t, url, shared)
		if id.Begin(req); shown(req.Header) != want {
			t.Errorf("%s: %q, want %q", url, shown(req.Header), want)
		}
	}
	given := requestFor(t, "http://b.test/x", http.Header{"Authorization": {"Bearer x"}, "Referer": {"r"}})
	if id.Begin(given); given.Header.Get("Authorization") != "Bearer x" || given.Header.Get("Referer") != "r" {
		t.Errorf("%q", shown(given.Header))
	}
	if shared.Get("X-Key") != "all" || shared.Get("Referer") != "" {
		t.Errorf("the headers of all requests became %v", shared)
	}

	for _, c := range []struct {
		chain string
		set   string // by the first response
		want  string // of the last request, without the Referer
	}{
		{"http://a.test/1 http://a.test/2", "", "a;; own=1"},
		{"http://a.test/1 http://other.test/2", "", ";; "},
		{"http://other.test/1 http://a.test/2", "", "a;; "},
		{"http://other.test/1 http://other.test/2", "", "all;; own=1"},
		{"https://other.test/1 https://a.test/2", "", "a;; "},
		{"https://other.test/1 http://a.test/2", "", ";; "},
		{"http://other.test/1 http://c.test/2", "", ";; c=1; jar=c"},
		{"https://other.test/1 http://c.test/2", "", ";; jar=c"},
		{"http://b.test/1 http://b.test/2", "new=1", "all;" + login + "; own=1; jar=b; new=1"},
		{"http://b.test/1 http://d.test/2", "", ";; jar=d"},
		{"http://d.test/1 http://d.test/2", "jar=changed", "all;; own=1; jar=changed"},
	} {
		id := New(o)
		var via []*http.Request
		var next *http.Request
		for i, url := range strings.Fields(c.chain) {
			next = requestFor(t, url, shared)
			if i == 0 {
				id.Begin(next)
			} else {
				next.Header = via[0].Header.Clone() // as net/http does
				next.Response = &http.Response{Request: via[len(via)-1], Header: http.Header{}}
				if c.set != "" {
					next.Response.Header.Set("Set-Cookie", c.set+"; Path=/")
				}
				if err := RedirectRule(o, id)(next, via); err != nil {
					t.Fatal(err)
				}
			}
			via = append(via, next)
		}
		h := next.Header
		if got := h.Get("X-Key") + ";" + h.Get("Authorization") + "; " + h.Get("Cookie"); got != c.want {
			t.Errorf("%s: %q, want %q", c.chain, got, c.want)
		}
		if c.set != "" && !strings.Contains(id.Cookies(), strings.ReplaceAll(c.set, "=", "\t")) {
			t.Errorf("%s: the cookies are %q", c.chain, id.Cookies())
		}
	}
	var none *Identity
	if none = New(&downloader.Options{Header: o.Header}); none != nil || none.Cookies() != "" {
		t.Errorf("%+v", none)
	}
	none.Begin(given)
	none.Take(&http.Response{})
}

// TestRedirectRule has redirects that are not followed.
func TestRedirectRule(t *testing.T) {
	o := &downloader.Options{MaxRedirects: 1, Header: http.Header{"Host": {"x"}}}
	rule := RedirectRule(o, nil)
	path := strings.Repeat("x", downloader.MaxURL-1)
	for url, want := range map[string]string{
		"http://me:word@a.test/": "", "https://a.test/": "", "ftp://a.test/": "redirected to a ftp URL, which is not fetched",
		"http://a.test/" + path: "", "http://a.test/" + path + "?y": "redirected to a URL longer than",
	} {
		first := requestFor(t, "http://a.test/", http.Header{})
		next := requestFor(t, url, http.Header{"Referer": {"http://a.test/"}})
		err := rule(next, []*http.Request{first})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", url, err, want)
		}
		if err == nil && (next.URL.User != nil || next.Header.Get("Referer") != "") {
			t.Errorf("%.40s: %v, %v", url, next.URL, next.Header)
		}
		if err := rule(next, []*http.Request{first, first}); err == nil || err.Error() != "more than 1 redirects" {
			t.Errorf("%v", err)
		}
	}
	own := http.Header{"X-Own": {"1"}, "Accept": {"x"}}
	for url, want := range map[string]string{"http://a.test/": "1 x host", "http://b.test/": " x "} {
		first := requestFor(t, "http://a.test/", http.Header{})
		first = first.WithContext(WithOwnHeader(first.Context(), own))
		SetOwnHeader(first)
		next := requestFor(t, url, first.Header.Clone()).WithContext(first.Context())
		next.Host = "host"
		if err := rule(next, []*http.Request{first}); err != nil {
			t.Fatal(err)
		}
		if got := next.Header.Get("X-Own") + " " + next.Header.Get("Accept") + " " + next.Host; got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
}
