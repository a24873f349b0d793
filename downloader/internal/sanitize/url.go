package sanitize

import "strings"

// MaxURL is how much of a URL that cannot be fetched a message shows, in bytes.
const MaxURL = 200

// URL returns a URL without the name and password before its host.
func URL(raw string) string {
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

// Entry returns an entry of a list that is not a URL. It leaves out what may have
// been meant as a name and password.
func Entry(entry string) string {
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
