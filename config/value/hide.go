package value

import (
	"net/url"
	"strings"

	"grab/downloader/credentials"
)

const hidden = "(hidden)"

// WithoutHeaderSecret returns a header without its value, which may be a secret. The value
// stays if a redirect to another origin keeps the header.
func WithoutHeaderSecret(text string) string {
	host, plain := cutHost(text)
	field, value, err := header(plain)
	if err != nil || credentials.PublicHeader(field) && WithoutUserinfo(value) == value {
		return text
	}
	if host != "" {
		field = host + ": " + field
	}
	return field + ": " + hidden
}

// WithoutUserinfo returns a URL, or what is meant as one, without name and password.
func WithoutUserinfo(text string) string {
	begin, rest := "", text
	if scheme, after, found := strings.Cut(text, "://"); found {
		begin, rest = scheme+"://", after
	}
	authority := rest
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		authority = rest[:end]
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		return begin + hidden + rest[at:]
	}
	if u, err := url.Parse(text); err == nil && u.User != nil {
		return hidden
	}
	return text
}
