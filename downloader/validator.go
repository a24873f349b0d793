package downloader

import (
	"net/http"
	"strings"
)

// Validator is a request header that asks for an image only if it is another than the one
// that is there (RFC 9110 section 13.1).
type Validator struct {
	Name  string `json:"name"` // If-None-Match or If-Modified-Since; empty: every image is wanted
	Value string `json:"value"`
}

// NewValidator returns the Validator for an image whose response had these headers. An
// entity tag comes first, since a date is less exact. What is not of the
// right form is not sent: "*" would match every image.
func NewValidator(etag, lastModified string) Validator {
	if isEntityTag(etag) {
		return Validator{"If-None-Match", etag}
	}
	if _, err := http.ParseTime(lastModified); err == nil {
		return Validator{"If-Modified-Since", lastModified}
	}
	return Validator{}
}

// isEntityTag reports whether text is one entity tag (RFC 9110 section 8.8.3).
func isEntityTag(text string) bool {
	tag, opened := strings.CutPrefix(strings.TrimPrefix(text, "W/"), `"`)
	tag, closed := strings.CutSuffix(tag, `"`)
	return opened && closed && !strings.ContainsFunc(tag, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' })
}
