package weburl

import (
	"net/netip"
	"strconv"
	"strings"
)

// endsInNumber reports whether a name is meant as an IPv4 address, since its last label
// is a number (WHATWG URL section 3.5, the "ends in a number checker"). One dot at the
// end does not count.
func endsInNumber(name string) bool {
	name = strings.TrimSuffix(name, ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	if hex, found := strings.CutPrefix(strings.ToLower(last), "0x"); found {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// parseIPv4 parses the forms of an IPv4 address that inet_aton takes, and browsers with
// it: one to four numbers, each decimal, octal or hexadecimal, of which the last fills
// the rest of the address (WHATWG URL section 3.5, the "IPv4 parser").
func parseIPv4(name string) (netip.Addr, bool) {
	parts := strings.Split(strings.TrimSuffix(name, "."), ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var whole uint64
	for i, part := range parts {
		n, ok := parseNumber(part)
		limit := uint64(1) << 8
		if i == len(parts)-1 {
			limit = 1 << (8 * (5 - len(parts)))
		}
		if !ok || n >= limit {
			return netip.Addr{}, false
		}
		if i == len(parts)-1 {
			whole |= n
		} else {
			whole |= n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(whole >> 24), byte(whole >> 16), byte(whole >> 8), byte(whole)}), true
}

// parseNumber parses a number of an IPv4 address. 0x begins a hexadecimal number, and
// alone is 0; another 0 begins an octal number.
func parseNumber(text string) (uint64, bool) {
	base := 10
	switch {
	case text == "" || strings.ContainsAny(text, "+_"):
		return 0, false
	case strings.HasPrefix(text, "0x") || strings.HasPrefix(text, "0X"):
		text, base = text[2:], 16
	case len(text) > 1 && text[0] == '0':
		text, base = text[1:], 8
	}
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(text, base, 64)
	return n, err == nil
}
