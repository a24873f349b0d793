package weburl

// Invisible returns the name of a character that nobody sees, and that no URL needs. It
// returns "" for any other. The joiners of Persian words and of emoji are needed.
func Invisible(r rune) string {
	switch r {
	case '\u00ad':
		return "soft hyphen"
	case '\u034f':
		return "combining grapheme joiner"
	case '\u061c':
		return "Arabic letter mark"
	case '\u180e':
		return "Mongolian vowel separator"
	case '\u200b':
		return "zero-width space"
	case '\u200e':
		return "left-to-right mark"
	case '\u200f':
		return "right-to-left mark"
	case '\u2028':
		return "line separator"
	case '\u2029':
		return "paragraph separator"
	case '\u2060':
		return "word joiner"
	case '\ufeff':
		return "byte order mark"
	}
	switch {
	case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
		return "change of the writing direction"
	case '\u2061' <= r && r <= '\u2065', '\u206a' <= r && r <= '\u206f', '\ufff9' <= r && r <= '\ufffb':
		return "invisible control character"
	}
	return ""
}

// InvisibleAtEnd returns the name of an invisible character or an unusual space that is
// left out around a URL. Inside one, the spaces and joiners among them have a meaning.
func InvisibleAtEnd(r rune) string {
	switch r {
	case '\u00a0':
		return "no-break space"
	case '\u200c':
		return "zero-width non-joiner"
	case '\u200d':
		return "zero-width joiner"
	case '\u202f':
		return "narrow no-break space"
	case '\u3000':
		return "ideographic space"
	case '\u0085', '\u1680', '\u205f':
		return "unusual space"
	}
	if '\u2000' <= r && r <= '\u200a' {
		return "unusual space"
	}
	return Invisible(r)
}
