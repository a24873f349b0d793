package list

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"grab/downloader"
)

// parseURL returns nil if raw is an absolute http or https URL with a host, and what
// is wrong with it otherwise.
func parseURL(raw string) error {
	if isPlainURL(raw) {
		return nil
	}
	return examineURL(raw)
}

func examineURL(raw string) error {
	refuse := func(reason string) error {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Reason: reason}
	}
	if !utf8.ValidString(raw) {
		return refuse("not valid UTF-8")
	}
	if strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return refuse("a space or control character inside the URL: write it as %20")
	}
	u, err := url.Parse(raw)
	if err != nil && strings.Contains(raw, "@") {
		return refuse("not a URL") // the cause could quote part of a password
	}
	if err != nil {
		if e, ok := err.(*url.Error); ok {
			err = e.Err // without the URL, which the result shows anyway
		}
		return refuse(err.Error())
	}
	if p := u.Port(); p != "" {
		if _, err := strconv.ParseUint(p, 10, 16); err != nil {
			return refuse("port " + p + " does not exist")
		}
	}
	switch scheme := strings.ToLower(u.Scheme); {
	case scheme == "":
		return refuse("no scheme: an image URL begins with http:// or https://")
	case scheme != "http" && scheme != "https":
		return refuse("scheme " + scheme + " is not fetched: only http and https are")
	case u.Hostname() == "":
		return refuse("no host")
	}
	return nil
}

// isPlainURL reports whether raw is a valid URL that needs no parsing, as nearly all
// URLs of a long list are. Such a URL is a scheme, a host name, perhaps a port, a path
// and a query, in characters that stand for themselves (RFC 3986 section 2).
func isPlainURL(raw string) bool {
	rest, secure := strings.CutPrefix(raw, "https://")
	if !secure {
		var found bool
		if rest, found = strings.CutPrefix(raw, "http://"); !found {
			return false
		}
	}
	host, path, _ := strings.Cut(rest, "/")
	name, port, hasPort := strings.Cut(host, ":")
	if _, err := strconv.ParseUint(port, 10, 16); hasPort && err != nil {
		return false
	}
	return name != "" && consistsOf(name, "") && consistsOf(path, "/?_~&=+,;:@!$()*")
}

// consistsOf reports whether s has only letters, digits, '-', '.' and the bytes of others.
func consistsOf(s, others string) bool {
	for i := range len(s) {
		c := s[i]
		if ('a' > c|0x20 || c|0x20 > 'z') && ('0' > c || c > '9') && c != '-' && c != '.' && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}
