package client

import (
	"net/http"
	"net/url"
	"strings"
)

// public reports whether a header of the user goes to every origin. It says what the
// client is and what it takes, which each step of a chain has to know: servers of images
// refuse a foreign User-Agent or Referer. Any other header may be a secret.
func public(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return name == "User-Agent" || name == "Referer" || name == "Accept" || strings.HasPrefix(name, "Accept-")
}

// sameOrigin reports whether scheme, host and port are the same (RFC 6454 section 5).
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
