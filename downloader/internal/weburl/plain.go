package weburl

import (
	"strconv"
	"strings"
)

// IsPlain reports whether raw needs no mapping, as nearly all URLs of a long list. Such a
// URL is a scheme, a host, perhaps a port, a path and a query, in characters that stand
// for themselves (RFC 3986 section 2). The host is a name that is no address in disguise,
// or an IPv4 address in its usual form.
func IsPlain(raw string) bool {
	rest, secure := strings.CutPrefix(raw, "https://")
	if !secure {
		var found bool
		if rest, found = strings.CutPrefix(raw, "http://"); !found {
			return false
		}
	}
	host, path, _ := strings.Cut(rest, "/")
	name, port, hasPort := strings.Cut(host, ":")
	if _, err := strconv.ParseUint(port, 10, 16); hasPort && err != nil {
		return false
	}
	return isPlainHost(name) && isPlainPath(path)
}

func isPlainHost(name string) bool {
	if name == "" {
		return false
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last == "" || !isLetter(last[0]) { // a trailing dot, or perhaps a number
		return isIPv4(name)
	}
	for i := range len(name) {
		if !isIn(name[i], digits|1<<'-'|1<<'.', letters|1<<('_'-64)) {
			return false
		}
	}
	return true
}

// isIPv4 reports whether name is an IPv4 address in its usual form.
func isIPv4(name string) bool {
	part, length, dots := 0, 0, 0
	for i := range len(name) {
		switch c := name[i]; {
		case c == '.' && length > 0:
			length, dots = 0, dots+1
		case !isDigit(c), length > 0 && part == 0: // a leading zero
			return false
		case length == 0:
			part, length = int(c-'0'), 1
		default:
			part, length = 10*part+int(c-'0'), length+1
			if part > 255 {
				return false
			}
		}
	}
	return dots == 3 && length > 0
}

// isPlainPath reports whether each character of a path and a query stands for itself or
// is part of an escape.
func isPlainPath(path string) bool {
	const low = digits | 1<<'/' | 1<<'-' | 1<<'.' | 1<<'?' | 1<<'=' | 1<<'&' | 1<<'+' | 1<<',' | 1<<';' | 1<<':' | 1<<'!' | 1<<'$' | 1<<'(' | 1<<')' | 1<<'*'
	const high = letters | 1<<('_'-64) | 1<<('~'-64) | 1<<('@'-64)
	for i := 0; i < len(path); i++ {
		if isIn(path[i], low, high) {
			continue
		}
		if !isEscape(path[i:]) {
			return false
		}
		i += 2
	}
	return true
}

// Sets of ASCII characters: a bit for each of the lower and of the upper half.
const (
	digits  = (1<<10 - 1) << '0'                        // in the lower half
	letters = (1<<26-1)<<('A'-64) | (1<<26-1)<<('a'-64) // in the upper half
)

// isIn reports whether c is in a set of ASCII characters.
func isIn(c byte, low, high uint64) bool {
	if c < 64 {
		return low>>c&1 != 0
	}
	return c < 128 && high>>(c-64)&1 != 0
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isEscape reports whether s begins with a percent-encoded byte (RFC 3986 section 2.1).
func isEscape(s string) bool { return len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2]) }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
