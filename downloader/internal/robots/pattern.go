package robots

import "strings"

// normalizePattern returns a pattern in the form that paths are compared with. It begins
// with a slash or a wildcard.
func normalizePattern(pattern string) string {
	body, anchored := strings.CutSuffix(pattern, "$")
	var parts []string
	for part := range strings.SplitSeq(body, "*") {
		parts = append(parts, normalize(part))
	}
	pattern = strings.Join(parts, "*")
	if pattern == "" || pattern[0] != '/' && pattern[0] != '*' {
		pattern = "/" + pattern
	}
	if anchored {
		pattern += "$"
	}
	return pattern
}

// normalize returns a path in the form that patterns are compared with. Octets beyond
// ASCII are percent-encoded, and encoded octets that need no encoding are decoded (RFC
// 9309 section 2.2.2, RFC 3986 section 2.3). "*" and "$" are encoded, since they are no
// wildcards here (RFC 9309 section 2.2.3).
func normalize(path string) string {
	var b strings.Builder
	b.Grow(len(path))
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c != '%' {
			if c <= ' ' || c >= 0x7f || c == '*' || c == '$' {
				writeEncoded(&b, c)
			} else {
				b.WriteByte(c)
			}
			continue
		}
		if i+2 >= len(path) || !isHex(path[i+1]) || !isHex(path[i+2]) {
			writeEncoded(&b, c) // a bare percent sign
			continue
		}
		c = unhex(path[i+1])<<4 | unhex(path[i+2])
		if isUnreserved(c) {
			b.WriteByte(c)
		} else {
			writeEncoded(&b, c)
		}
		i += 2
	}
	return b.String()
}

func writeEncoded(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func isUnreserved(c byte) bool {
	letter := 'a' <= c|0x20 && c|0x20 <= 'z'
	return letter || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// matches reports whether a pattern matches the start of a path. "*" in it stands for any
// octets, and "$" at its end for the end of the path (RFC 9309 section 2.2.3).
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	part, pattern, wild := strings.Cut(pattern, "*")
	rest, ok := strings.CutPrefix(path, part)
	for ok && wild {
		part, pattern, wild = strings.Cut(pattern, "*")
		if !wild && anchored {
			return strings.HasSuffix(rest, part)
		}
		_, rest, ok = strings.Cut(rest, part) // the earliest leaves most for the others
	}
	return ok && (!anchored || rest == "")
}
