package http1

import (
	"cmp"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// appendRequest appends req as it goes over the wire, if it is as nearly all are:
// a GET of an ordinary URL. It reports false for one that net/http has to write.
// What stands in the headers, net/http has validated before it hands a request
// to a protocol.
func appendRequest(b []byte, req *http.Request) ([]byte, bool) {
	host, path := cmp.Or(req.Host, req.URL.Host), req.URL.EscapedPath()
	if req.Method != http.MethodGet || req.Close || req.URL.Opaque != "" || len(req.Header["User-Agent"]) != 1 ||
		!ordinary(host, ".:[]") || !visible(path) || !visible(req.URL.RawQuery) {
		return b, false
	}
	b = append(append(b, "GET "...), cmp.Or(path, "/")...)
	if req.URL.ForceQuery || req.URL.RawQuery != "" {
		b = append(append(b, '?'), req.URL.RawQuery...)
	}
	b = append(append(b, " HTTP/1.1\r\nHost: "...), host...)
	b = append(b, "\r\n"...)
	var room [16]string
	names := room[:0]
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
				continue // none, that means
			}
			b = append(append(b, name...), ": "...)
			b = append(append(b, textproto.TrimString(value)...), "\r\n"...)
		}
	}
	return append(b, "\r\n"...), true
}

// visible reports whether s can stand in a request line as it is.
func visible(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// ordinary reports whether s is made of letters, digits, hyphens, underscores and
// more.
func ordinary(s, more string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return true
}
