package entry

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"grab/downloader/internal/weburl"
)

// Trim returns an entry without the white space and the invisible characters around it.
// It returns the first of those that are not ASCII too, or 0 if there are none.
func Trim(text []byte) ([]byte, rune) {
	text = bytes.Trim(text, " \t\n\v\f\r")
	if len(text) == 0 || text[0] < utf8.RuneSelf && text[len(text)-1] < utf8.RuneSelf {
		return text, 0
	}
	first := rune(0)
	text = bytes.TrimFunc(text, func(r rune) bool {
		if r < utf8.RuneSelf {
			return strings.ContainsRune(" \t\n\v\f\r", r)
		}
		unseen := weburl.InvisibleAtEnd(r) != ""
		if unseen && first == 0 {
			first = r
		}
		return unseen
	})
	return text, first
}

// Clean returns an entry without what belongs to the page or the program that it was
// copied from, and says what that was. It takes off only what leaves a URL of the whole
// entry.
func Clean(raw string) (string, []string) {
	var taken []string
	for _, pair := range []struct{ open, close, name string }{
		{`"`, `"`, "quotes"}, {`"`, `",`, "quotes"}, {"'", "'", "quotes"}, {"'", "',", "quotes"}, {"`", "`", "quotes"},
		{"\u201c", "\u201d", "quotes"}, {"\u201e", "\u201c", "quotes"}, {"\u2018", "\u2019", "quotes"}, {"\u00ab", "\u00bb", "quotes"},
		{"<", ">", "angle brackets"}, // RFC 3986 appendix C
	} {
		inside, opened := strings.CutPrefix(raw, pair.open)
		inside, closed := strings.CutSuffix(inside, pair.close)
		if opened && closed && HasScheme(inside) && !strings.Contains(inside, pair.open) && !strings.Contains(inside, pair.close) {
			raw, taken = inside, append(taken, pair.name)
			break
		}
	}
	if n := strings.Count(raw, "&"); n > 0 && HasScheme(raw) && !weburl.IsData(raw) {
		escaped := 0
		for _, amp := range []string{"&amp;", "&#38;", "&#038;"} {
			escaped += strings.Count(raw, amp)
		}
		if escaped == n { // no & means itself
			raw = strings.NewReplacer("&amp;", "&", "&#38;", "&", "&#038;", "&").Replace(raw)
			taken = append(taken, "&amp; for &")
		}
	}
	return raw, taken
}
