package downloader

import (
	"net/http"
	"strings"
)

// The name and password before the host of a URL (RFC 3986 section 3.2.1) are
// sent to the origin of that URL, and shown to nobody: results, the manifest and
// errors have the URL without them.

// Public returns the item as results and records have it: without the name and
// password of its URL.
func (i Item) Public() Item {
	i.URL = withoutUserinfo(i.URL)
	return i
}

// withoutUserinfo returns a URL without the name and password before its host.
func withoutUserinfo(raw string) string {
	scheme, rest, found := strings.Cut(raw, "://")
	if !found {
		return raw
	}
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return raw
	}
	return scheme + "://" + rest[at+1:]
}

// withoutSecret returns an entry that is no URL without what may have been meant
// as a name and password.
func withoutSecret(entry string) string {
	at := strings.LastIndexByte(entry, '@')
	if at < 0 {
		return entry
	}
	scheme, _, found := strings.Cut(entry[:at], "://")
	if !found {
		return "…" + entry[at:]
	}
	return scheme + "://…" + entry[at:]
}

// moveUserinfo takes the name and password out of a request's URL, which errors
// and redirects repeat, into the header that net/http would make of them. A
// header that the user gave goes before.
func moveUserinfo(req *http.Request) {
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
