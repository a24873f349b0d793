package weburl

import "strings"

// invalid is a Location that no parser takes.
const invalid = ":"

// Location maps the value of a Location header of a response to a request for an http or
// https URL of that scheme. The result is what [net/url] needs to resolve it against that
// URL; it is invalid if the value is none. Another scheme than http and https stays alone,
// without what follows it.
func Location(value, scheme string) string {
	value = strings.TrimFunc(value, func(r rune) bool { return r <= ' ' })
	value = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(value) // WHATWG URL section 4.4, steps 1 to 3
	own, rest, hasScheme := strings.Cut(value, ":")
	if hasScheme && isScheme(own) {
		own = strings.ToLower(own)
		slashes := len(rest) - len(strings.TrimLeft(rest, `/\`))
		switch {
		case own != "http" && own != "https":
			return own + ":"
		case own == scheme && slashes < 2: // as if it had no scheme
			return reference(rest)
		}
		return absolute(own+"://", rest[slashes:])
	}
	return reference(value)
}

// reference maps a reference without a scheme (WHATWG URL section 4.4, "relative state").
func reference(value string) string {
	if len(value) >= 2 && isSlash(value[0]) && isSlash(value[1]) {
		return absolute("//", strings.TrimLeft(value, `/\`))
	}
	mapped := mapTail(value)
	if segment, _ := cutBefore(mapped, "/?#"); strings.Contains(segment, ":") {
		return "./" + mapped // or net/url would take the segment for a scheme
	}
	return mapped
}

func absolute(before, rest string) string {
	rest, err := mapAfterScheme(rest)
	if err != nil {
		return invalid
	}
	return before + rest
}

// isScheme reports whether s has the form of a scheme (RFC 3986 section 3.1).
func isScheme(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && (i == 0 || !isDigit(c) && strings.IndexByte("+-.", c) < 0) {
			return false
		}
	}
	return s != ""
}
