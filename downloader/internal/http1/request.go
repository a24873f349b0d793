package http1

import (
	"cmp"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// appendRequest appends the wire form of the common request: a GET of an ordinary
// URL. It reports false if net/http has to write the request. It does not validate
// header names and values: net/http does so before it hands a request to a
// registered protocol.
func appendRequest(b []byte, req *http.Request) ([]byte, bool) {
	host, path := cmp.Or(req.Host, req.URL.Host), req.URL.EscapedPath()
	if req.Method != http.MethodGet || req.Close || req.URL.Opaque != "" ||
		len(req.Header["User-Agent"]) != 1 ||
		!isName(host, ".:[]") || !isVisible(path) || !isVisible(req.URL.RawQuery) {
		return b, false
	}
	b = append(append(b, "GET "...), cmp.Or(path, "/")...)
	if req.URL.ForceQuery || req.URL.RawQuery != "" {
		b = append(append(b, '?'), req.URL.RawQuery...)
	}
	b = append(append(b, " HTTP/1.1\r\nHost: "...), host...)
	b = append(b, "\r\n"...)
	var array [16]string // so that the names of most requests need no allocation
	names := array[:0]
	for name := range req.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch name {
		case "Host", "Content-Length", "Transfer-Encoding", "Trailer":
			return b, false
		}
		for _, value := range req.Header[name] {
			if value == "" && name == "User-Agent" {
				continue // send no User-Agent, as net/http does
			}
			b = append(append(b, name...), ": "...)
			b = append(append(b, textproto.TrimString(value)...), "\r\n"...)
		}
	}
	return append(b, "\r\n"...), true
}

// isVisible reports whether s consists of visible ASCII characters, which need no
// escaping in a request line.
func isVisible(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// isName reports whether s consists of ASCII letters, digits, hyphens, underscores
// and the characters in extra.
func isName(s, extra string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && strings.IndexByte(extra, c) < 0 {
			return false
		}
	}
	return true
}
