package weburl

import (
	"errors"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

var (
	errNoHost = errors.New("no host")
	errHost   = errors.New("the host is no name that a look-up could find")
	errIPv4   = errors.New("the host looks like an IPv4 address, and is none")
	errIPv6   = errors.New("the host is no IPv6 address")
)

// mapHost maps a host as WHATWG URL section 3.5 does: to an IPv6 address in brackets, to
// an IPv4 address in its usual form, or to a name in ASCII. A name in ASCII keeps its
// letters and a dot at its end.
func mapHost(host string) (string, error) {
	if strings.HasPrefix(host, "[") {
		return mapIPv6(host)
	}
	name := decode(host)
	if !isASCII(name) {
		var err error
		if !utf8.ValidString(name) {
			return "", errHost
		}
		if name, err = profile().ToASCII(name); err != nil {
			return "", errHost
		}
	}
	if strings.Trim(name, ".") == "" {
		return "", errNoHost
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("#/:<>?@[\\]^|%\"`{}", c) >= 0 {
			return "", errHost
		}
	}
	if endsInNumber(name) {
		addr, ok := parseIPv4(name)
		if !ok {
			return "", errIPv4
		}
		return addr.String(), nil
	}
	return name, nil
}

// profile returns the mapping of names that are not ASCII: UTS #46, non-transitional, and
// with any ASCII character, as WHATWG URL section 3.3 asks ("domain to ASCII"). It maps
// full-width digits and dots to ASCII, which hide addresses otherwise.
func profile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false),
		idna.CheckHyphens(false), idna.CheckJoiners(true), idna.BidiRule(), idna.RemoveLeadingDots(false))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// mapIPv6 maps an IPv6 address in brackets. Only a link-local address keeps its zone
// (RFC 6874 section 2), without which it leads nowhere. Elsewhere a zone has no meaning.
func mapIPv6(host string) (string, error) {
	inside, closed := strings.CutSuffix(host[1:], "]")
	text, zone, hasZone := strings.Cut(inside, "%")
	addr, err := netip.ParseAddr(text)
	if !closed || err != nil || !addr.Is6() {
		return "", errIPv6
	}
	if !hasZone || !addr.IsLinkLocalUnicast() && !addr.IsLinkLocalMulticast() {
		return "[" + text + "]", nil
	}
	zone = strings.TrimPrefix(zone, "25")
	for i := range len(zone) {
		if c := zone[i]; !isLetter(c) && !isDigit(c) && strings.IndexByte("-._~", c) < 0 {
			return "", errIPv6
		}
	}
	if zone == "" {
		return "", errIPv6
	}
	return "[" + text + "%25" + zone + "]", nil
}
