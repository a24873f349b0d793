// Package entry says whether an entry of a list is a URL, and if not, what it is.
package entry

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"grab/downloader/internal/weburl"
)

// IsPlain reports whether an entry needs no look at all: it is a URL that mapping would
// return as it is, and nothing in it could come from HTML.
func IsPlain(raw string) bool {
	return weburl.IsPlain(raw) && (strings.IndexByte(raw, ';') < 0 || !strings.Contains(raw, "&amp;"))
}

// Examine returns why raw is neither an absolute http or https URL with a host nor a
// data: URL, and "" if it is one of these.
func Examine(raw string) string {
	if !utf8.ValidString(raw) {
		if strings.HasPrefix(raw, "\xff\xfe") || strings.HasPrefix(raw, "\xfe\xff") {
			return "this looks like UTF-16: save the list as UTF-8"
		}
		return "not valid UTF-8"
	}
	if i := strings.IndexFunc(raw, func(r rune) bool { return weburl.Invisible(r) != "" }); i >= 0 {
		return within(raw[i:])
	}
	if reason := lookalike(raw); reason != "" {
		return reason
	}
	if i := strings.IndexFunc(raw, unicode.IsControl); i >= 0 {
		return within(raw[i:])
	}
	if weburl.IsData(raw) {
		return ""
	}
	if scheme := schemeOf(raw); scheme != "http" && scheme != "https" {
		return "scheme " + scheme + " is not fetched: only http, https and data are"
	}
	if _, err := weburl.Map(raw); err != nil {
		return err.Error()
	}
	return ""
}

// within returns the fault of a URL that has an unseen character inside, with which rest
// begins.
func within(rest string) string {
	r, _ := utf8.DecodeRuneInString(rest)
	return fmt.Sprintf("%s inside the URL: take it out, or write it in percent-encoding", Describe(r))
}

// Describe names a character that does not show.
func Describe(r rune) string {
	name := weburl.InvisibleAtEnd(r)
	switch {
	case name != "":
	case r == '\t':
		name = "tab"
	case r == '\r':
		name = "carriage return"
	default:
		name = "control character"
	}
	return fmt.Sprintf("%s (U+%04X)", name, r)
}
