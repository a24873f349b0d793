package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"grab/downloader"
)

// redirectRule bounds redirects to http and https and to MaxRedirects, and
// leaves the user's headers behind at the first step to another origin: they
// may hold secrets of the first (CVE-2022-27774, CVE-2024-45336). A name and
// password that a server sends along are nobody's (RFC 9110 section 4.2.4).
// Where a redirect may connect to is the border's business.
func redirectRule(o *downloader.Options) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		if len(via) > o.MaxRedirects {
			return &downloader.Error{Class: downloader.ClassTooManyRedirects, Reason: fmt.Sprintf("more than %d redirects", o.MaxRedirects)}
		}
		if scheme := next.URL.Scheme; scheme != "http" && scheme != "https" {
			return &downloader.Error{Class: downloader.ClassPolicy, Reason: fmt.Sprintf("redirected to a %s URL, which is not fetched", scheme)}
		}
		if len(next.URL.Path)+len(next.URL.RawQuery) > downloader.MaxURL {
			return &downloader.Error{Class: downloader.ClassProtocol, Reason: fmt.Sprintf("redirected to a URL longer than %d bytes", downloader.MaxURL)}
		}
		next.URL.User = nil
		if o.Header.Get("Referer") == "" {
			next.Header.Del("Referer") // net/http adds one of its own
		}
		// Each step starts from the first request's headers again, so one
		// crossing anywhere on the way is looked for every time.
		crossed := !sameOrigin(via[0].URL, next.URL)
		for _, step := range via[1:] {
			crossed = crossed || !sameOrigin(via[0].URL, step.URL)
		}
		if crossed {
			for name := range o.Header {
				next.Header.Del(name)
			}
			next.Header.Del("Authorization") // which may be the URL's
			next.Host = ""
			setDefaults(next.Header, o)
		}
		return nil
	}
}

// sameOrigin compares scheme, host and port (RFC 6454 section 5).
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// requestHeader returns the headers that each image is asked for with.
func RequestHeader(o *downloader.Options) http.Header {
	h := http.Header{}
	for name, values := range o.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	setDefaults(h, o)
	return h
}

func setDefaults(h http.Header, o *downloader.Options) {
	for name, value := range map[string]string{
		"Accept":          "image/*, */*;q=0.5",
		"Accept-Encoding": "identity", // the same representation on the first try and on every other
		"User-Agent":      o.UserAgent,
	} {
		if _, set := h[name]; !set {
			h[name] = []string{value}
		}
	}
}

// moveUserinfo takes the name and password out of a request's URL, which errors
// and redirects repeat, into the header that net/http would make of them. A
// header that the user gave goes before.
func MoveUserinfo(req *http.Request) {
	user := req.URL.User
	if user == nil {
		return
	}
	if req.Header.Get("Authorization") == "" {
		req.Header = req.Header.Clone()
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	req.URL.User = nil
}
