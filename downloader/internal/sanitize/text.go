// Package sanitize makes texts and URLs safe to show. Servers and lists choose
// them.
package sanitize

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxError is how much of an error's text is shown, in bytes.
const MaxError = 500

// Text returns at most about limit bytes of text, in one line that is harmless in a
// terminal and in a log. It escapes control characters and invalid UTF-8 as a Go
// string literal does.
func Text(text string, limit int) string {
	if len(text) <= limit && PrintableASCII(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if b.Len() >= limit {
			b.WriteString("…")
			break
		}
		if (r == utf8.RuneError && size == 1) || !strconv.IsGraphic(r) {
			quoted := strconv.Quote(text[i : i+size])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}

// PrintableASCII reports whether text has printable ASCII characters only.
func PrintableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
