package sanitize

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"plain, ünï and 日本 🙂": "plain, ünï and 日本 🙂",
		"\a\b\t\n\r\x00\x7f":  `\a\b\t\n\r\x00\x7f`,
		"\x1b]0;title\a":      `\x1b]0;title\a`,
		"\u202egpj.exe":       `\u202egpj.exe`,
		"\u200b\u2028\ufeff":  `\u200b\u2028\ufeff`,
		"\u0085\u009b":        `\u0085\u009b`,
		"a\xffb\xc3":          `a\xffb\xc3`,
		"\ufffd":              "\ufffd",
		"123456789":           "123456789",
		"1234567890":          "1234567890",
		"12345678901":         "1234567890…",
	} {
		limit := 1000
		if strings.HasPrefix(text, "123") {
			limit = 10
		}
		if got := Text(text, limit); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("plain", 100)
	f.Add("a\xff\x1b[31m\u202e\U0001f642\n", 5)
	f.Add("\xe2\x80", 0)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = min(max(limit, 0), 1000)
		got := Text(text, limit)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Errorf("%q became %q", text, got)
		}
		if len(got) > limit+len(`\U0010ffff`)+len("…") {
			t.Errorf("%d bytes, the limit is %d", len(got), limit)
		}
	})
}
