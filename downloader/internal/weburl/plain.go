package weburl

import (
	"net/netip"
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
		addr, err := netip.ParseAddr(name)
		return err == nil && addr.Is4()
	}
	for i := range len(name) {
		if c := name[i]; !isLetter(c) && !isDigit(c) && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}

// isPlainPath reports whether each character of a path and a query stands for itself or
// is part of an escape.
func isPlainPath(path string) bool {
	for i := 0; i < len(path); i++ {
		switch c := path[i]; {
		case isLetter(c), isDigit(c):
		case c == '%':
			if !isEscape(path[i:]) {
				return false
			}
			i += 2
		case strings.IndexByte("/-._?=&~+,;:@!$()*", c) < 0:
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isEscape reports whether s begins with a percent-encoded byte (RFC 3986 section 2.1).
func isEscape(s string) bool { return len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2]) }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
