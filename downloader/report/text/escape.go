package text

import "strings"

// oneLine joins the lines of a text, so that no part of it can pass for a line of the report.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// markdownText escapes a text, on one line, so that Markdown shows it as it is.
func markdownText(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		if strings.ContainsRune("\\`*_[]<>|&~#!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// benchmarkName replaces each character that would end a part of a benchmark's name.
func benchmarkName(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("=._", r):
			return r
		}
		return '_'
	}, text)
}
