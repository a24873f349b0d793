package sanitize

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// MaxURL is how much of a URL that cannot be fetched a message shows, in bytes.
const MaxURL = 200

// URL returns a URL without the name and password before its host. Of a long data: URL it
// returns the beginning and the SHA-256 of the whole, which tell it from any other.
func URL(raw string) string {
	if len(raw) >= 5 && strings.EqualFold(raw[:5], "data:") {
		return dataURL(raw)
	}
	begin := authorityOf(raw)
	if begin < 0 {
		return raw
	}
	authority := raw[begin:]
	rest := authority
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return raw
	}
	return raw[:begin] + rest[at+1:]
}

// authorityOf returns where the authority of a URL begins, and a negative number if it has
// none. A backslash is a slash, as for browsers.
func authorityOf(raw string) int {
	for _, slashes := range []string{"://", `:\\`, `:/\`, `:\/`} {
		if i := strings.Index(raw, slashes); i >= 0 {
			return i + len(slashes)
		}
	}
	return -1
}

// shownData is how much of a long data: URL is shown, in bytes.
const shownData = 48

func dataURL(raw string) string {
	if len(raw) <= MaxURL {
		return raw
	}
	sum := sha256.Sum256([]byte(raw))
	return strings.ToValidUTF8(raw[:shownData], "") + "…sha256=" + hex.EncodeToString(sum[:])
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
