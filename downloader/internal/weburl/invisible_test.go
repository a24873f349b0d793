package weburl

import (
	"testing"
	"unicode"
)

// TestInvisible checks the ends of each range, and that nothing visible is called
// invisible.
func TestInvisible(t *testing.T) {
	for r, want := range map[rune]string{
		'\u00ad': "soft hyphen", '\u034f': "combining grapheme joiner", '\u061c': "Arabic letter mark", '\u180e': "Mongolian vowel separator",
		'\u200b': "zero-width space", '\u200e': "left-to-right mark", '\u200f': "right-to-left mark", '\u2028': "line separator",
		'\u2029': "paragraph separator", '\u2060': "word joiner", '\ufeff': "byte order mark",
		'\u202a': "change of the writing direction", '\u202e': "change of the writing direction",
		'\u2066': "change of the writing direction", '\u2069': "change of the writing direction",
		'\u2061': "invisible control character", '\u2065': "invisible control character", '\u206a': "invisible control character",
		'\u206f': "invisible control character", '\ufff9': "invisible control character", '\ufffb': "invisible control character",
		'\u202f': "", '\u2070': "", '\u200c': "", '\u200d': "", '\ufff8': "", '\ufffc': "", ' ': "", 'a': "", '\u00a0': "",
	} {
		if got := Invisible(r); got != want {
			t.Errorf("%U: %q, want %q", r, got, want)
		}
		if want != "" && InvisibleAtEnd(r) != want {
			t.Errorf("%U at the end: %q, want %q", r, InvisibleAtEnd(r), want)
		}
	}
	for r, want := range map[rune]string{
		'\u00a0': "no-break space", '\u200c': "zero-width non-joiner", '\u200d': "zero-width joiner", '\u202f': "narrow no-break space",
		'\u3000': "ideographic space", '\u0085': "unusual space", '\u1680': "unusual space", '\u205f': "unusual space",
		'\u2000': "unusual space", '\u200a': "unusual space", '\u1fff': "", 'a': "",
	} {
		if got := InvisibleAtEnd(r); got != want {
			t.Errorf("%U at the end: %q, want %q", r, got, want)
		}
	}
	for r := range unicode.MaxRune {
		if Invisible(r) != "" && unicode.IsGraphic(r) && r != '\u034f' {
			t.Errorf("%U can be seen", r)
		}
	}
}
