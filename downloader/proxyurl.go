package downloader

import (
	"net/url"
	"slices"
	"strings"
)

// ProxyURL parses the URL of a proxy. Without a scheme, it is an HTTP proxy. There are
// no reasons in place of a URL, since they would hold a password.
func ProxyURL(text string) (*url.URL, bool) {
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, false
	}
	return u, true
}
