package weburl

import "strings"

// The characters that each part of a URL escapes, beside control characters, the space
// and all bytes that are not ASCII (WHATWG URL section 1.3).
const (
	// pathSet has | as well, which net/http would encode in any case, as RFC 3986 wants.
	// Its % is one that begins no escape. Browsers send that as it is, and servers that
	// follow RFC 3986 answer 400. A server that takes it reads %25 as the same.
	pathSet = "\"#<>?^`{|}%"

	// querySet lacks the ' that browsers encode, since it is valid (RFC 3986 section 3.4).
	// A % that begins no escape stays: programs read queries, and are not strict.
	querySet = "\"#<>"

	// userinfoSet lacks the : ; = that browsers encode, since they are valid (RFC 3986
	// section 3.2.1).
	userinfoSet = "\"#<>?^`{|}%/@[\\]"
)

// encode percent-encodes the characters of set in a part of a URL. It leaves escapes as
// they are.
func encode(s, set string) string {
	next := func(i int) bool {
		c := s[i]
		switch {
		case c <= ' ' || c >= 0x7f:
			return true
		case c == '%' && isEscape(s[i:]):
			return false
		}
		return strings.IndexByte(set, c) >= 0
	}
	at := 0
	for at < len(s) && !next(at) {
		at++
	}
	if at == len(s) {
		return s
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, at, len(s)+16)
	copy(b, s)
	for i := at; i < len(s); i++ {
		if next(i) {
			b = append(b, '%', hex[s[i]>>4], hex[s[i]&15])
		} else {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// decode returns s with its escapes replaced by their bytes.
func decode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if isEscape(s[i:]) {
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		} else {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
