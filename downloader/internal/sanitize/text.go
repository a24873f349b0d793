package sanitize

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// shownError is how much of an error's text is told, in bytes.
const MaxError = 500

// printable returns at most limit bytes of text in a form that neither a
// terminal nor a line of a log is harmed by: control characters and bytes that
// are no UTF-8 are escaped as in a Go string. Servers and lists choose such text.
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

// plain reports whether text is ASCII that can be printed.
func PrintableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
