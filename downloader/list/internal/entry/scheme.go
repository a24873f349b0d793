package entry

import (
	"strings"

	"grab/downloader/internal/weburl"
)

// HasScheme reports whether raw begins as a URL that is fetched.
func HasScheme(raw string) bool {
	scheme := schemeOf(raw)
	return (scheme == "http" || scheme == "https") && strings.Contains(raw, "://") || weburl.IsData(raw)
}

// schemeOf returns the scheme of a URL in lower case, and "" if there is none (RFC 3986
// section 3.1). A host with a port has none.
func schemeOf(raw string) string {
	scheme, rest, found := strings.Cut(raw, ":")
	if !found || rest != "" && '0' <= rest[0] && rest[0] <= '9' {
		return ""
	}
	for i, r := range strings.ToLower(scheme) {
		letter := 'a' <= r && r <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", r)) {
			return ""
		}
	}
	return strings.ToLower(scheme)
}
