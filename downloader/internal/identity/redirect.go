package identity

import (
	"fmt"
	"net/http"

	"grab/downloader"
	"grab/downloader/credentials"
	"grab/downloader/internal/weburl"
)

// RedirectRule allows redirects to http and https URLs only, and at most
// MaxRedirects of them. At the first redirect to another origin it drops those of the
// user's headers that may hold secrets of the first origin (CVE-2022-27774,
// CVE-2024-45336). It sends the cookies that the chain's own responses have set. It
// ignores a name and password in the URL that a server sends (RFC 9110 section 4.2.4).
// Which addresses a redirect may lead to is the guard's decision.
func RedirectRule(o *downloader.Options, id *Identity) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		if len(via) > o.MaxRedirects {
			return &downloader.Error{Class: downloader.ClassTooManyRedirects,
				Reason: fmt.Sprintf("more than %d redirects", o.MaxRedirects)}
		}
		if scheme := next.URL.Scheme; scheme != "http" && scheme != "https" {
			return &downloader.Error{Class: downloader.ClassPolicy,
				Reason: fmt.Sprintf("redirected to a %s URL, which is not fetched", scheme)}
		}
		if len(next.URL.Path)+len(next.URL.RawQuery) > downloader.MaxURL {
			return &downloader.Error{Class: downloader.ClassProtocol,
				Reason: fmt.Sprintf("redirected to a URL longer than %d bytes", downloader.MaxURL)}
		}
		next.URL.User = nil
		if via[0].Header.Get("Referer") == "" {
			next.Header.Del("Referer") // net/http adds its own
		}
		// net/http copies the first request's headers at each redirect, so look at
		// all steps each time.
		crossed := !weburl.SameOrigin(via[0].URL, next.URL)
		for _, step := range via[1:] {
			crossed = crossed || !weburl.SameOrigin(via[0].URL, step.URL)
		}
		if crossed {
			for name := range o.Header {
				if !credentials.PublicHeader(name) {
					next.Header.Del(name)
				}
			}
			for name := range ownHeader(next.Context()) {
				if !credentials.PublicHeader(name) {
					next.Header.Del(name)
				}
			}
			next.Header.Del("Authorization") // which may come from the URL
			next.Host = ""
			setDefaults(next.Header, o)
		}
		if id != nil {
			id.redirect(next, via, crossed)
			setDefaults(next.Header, o)
		}
		addCookies(next, via)
		return nil
	}
}

// RequestHeader returns the headers of the request for an image.
func RequestHeader(o *downloader.Options) http.Header {
	h := http.Header{}
	for name, values := range o.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	setDefaults(h, o)
	return h
}

func setDefaults(h http.Header, o *downloader.Options) {
	setDefault(h, "Accept", "image/*, */*;q=0.5")
	setDefault(h, "Accept-Encoding", "identity") // so that every attempt gets the same representation
	setDefault(h, "User-Agent", o.UserAgent)
	if o.Referer != "" && o.Referer != downloader.RefererOrigin {
		setDefault(h, "Referer", o.Referer)
	}
}

func setDefault(h http.Header, name, value string) {
	if _, set := h[name]; !set {
		h[name] = []string{value}
	}
}

// MoveUserinfo moves the name and password of a request's URL, which errors and
// redirects repeat, to the header that net/http would make of them. A header that
// the user gave takes precedence.
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
