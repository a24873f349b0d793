package client

import (
	"net/netip"
)

// specialAddress returns in words what keeps addr from being an address of the
// public Internet, and "" if it is one. The rules are those of IANA's registries
// of special-purpose addresses (RFC 6890), with multicast. An IPv6 address that
// stands for an IPv4 address is judged by that (CVE-2024-24790).
func SpecialAddress(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("") // a prefix contains no address with a zone
	if nat64 := netip.MustParsePrefix("64:ff9b::/96"); nat64.Contains(addr) {
		whole := addr.As16()
		addr = netip.AddrFrom4([4]byte(whole[12:])) // RFC 6052 section 2.2
	}
	for _, special := range []struct{ prefix, kind string }{
		{"127.0.0.0/8", "a loopback address"},
		{"::1/128", "a loopback address"},
		{"0.0.0.0/8", "an unspecified address"},
		{"::/128", "an unspecified address"},
		{"10.0.0.0/8", "a private address"}, // RFC 1918
		{"172.16.0.0/12", "a private address"},
		{"192.168.0.0/16", "a private address"},
		{"fc00::/7", "a private address"}, // RFC 4193
		{"fec0::/10", "a private address"},
		{"100.64.0.0/10", "a provider's internal address"}, // RFC 6598
		{"169.254.0.0/16", "a link-local address"},         // where clouds keep their metadata
		{"fe80::/10", "a link-local address"},
		{"224.0.0.0/4", "a multicast address"},
		{"ff00::/8", "a multicast address"},
		{"192.0.0.0/24", "a reserved address"},    // IETF protocols
		{"192.0.2.0/24", "a reserved address"},    // documentation, as the next two
		{"198.51.100.0/24", "a reserved address"}, //
		{"203.0.113.0/24", "a reserved address"},  //
		{"192.88.99.0/24", "a reserved address"},  // 6to4 relays
		{"198.18.0.0/15", "a reserved address"},   // benchmarks
		{"240.0.0.0/4", "a reserved address"},
		{"2001::/23", "a reserved address"}, // IETF protocols; Teredo, which has an IPv4 address inside
		{"2001:db8::/32", "a reserved address"},
		{"2002::/16", "a reserved address"}, // 6to4, which has one, too
		{"3fff::/20", "a reserved address"},
	} {
		if netip.MustParsePrefix(special.prefix).Contains(addr) {
			return special.kind
		}
	}
	// Of IPv6 only this much has been given out (RFC 4291 section 2.4).
	if global := netip.MustParsePrefix("2000::/3"); !addr.Is4() && !global.Contains(addr) {
		return "a reserved address"
	}
	return ""
}
