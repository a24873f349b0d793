package client

import "net/netip"

// nonPublicRanges has the ranges of IANA's registries of special-purpose addresses
// (RFC 6890), and the multicast addresses. Teredo and 6to4 addresses are among them
// since they have an IPv4 address inside.
var nonPublicRanges = [...]struct {
	prefix netip.Prefix
	kind   string
}{
	{netip.MustParsePrefix("127.0.0.0/8"), "a loopback address"},
	{netip.MustParsePrefix("::1/128"), "a loopback address"},
	{netip.MustParsePrefix("0.0.0.0/8"), "an unspecified address"},
	{netip.MustParsePrefix("::/128"), "an unspecified address"},
	{netip.MustParsePrefix("10.0.0.0/8"), "a private address"}, // RFC 1918
	{netip.MustParsePrefix("172.16.0.0/12"), "a private address"},
	{netip.MustParsePrefix("192.168.0.0/16"), "a private address"},
	{netip.MustParsePrefix("fc00::/7"), "a private address"}, // RFC 4193
	{netip.MustParsePrefix("fec0::/10"), "a private address"},
	{netip.MustParsePrefix("100.64.0.0/10"), "a provider's internal address"}, // RFC 6598
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address"},         // cloud metadata services
	{netip.MustParsePrefix("fe80::/10"), "a link-local address"},
	{netip.MustParsePrefix("224.0.0.0/4"), "a multicast address"},
	{netip.MustParsePrefix("ff00::/8"), "a multicast address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "a reserved address"},    // IETF protocols
	{netip.MustParsePrefix("192.0.2.0/24"), "a reserved address"},    // documentation
	{netip.MustParsePrefix("198.51.100.0/24"), "a reserved address"}, // documentation
	{netip.MustParsePrefix("203.0.113.0/24"), "a reserved address"},  // documentation
	{netip.MustParsePrefix("192.88.99.0/24"), "a reserved address"},  // 6to4 relays
	{netip.MustParsePrefix("198.18.0.0/15"), "a reserved address"},   // benchmarks
	{netip.MustParsePrefix("240.0.0.0/4"), "a reserved address"},
	{netip.MustParsePrefix("2001::/23"), "a reserved address"}, // IETF protocols, Teredo
	{netip.MustParsePrefix("2001:db8::/32"), "a reserved address"},
	{netip.MustParsePrefix("2002::/16"), "a reserved address"}, // 6to4
	{netip.MustParsePrefix("3fff::/20"), "a reserved address"},
}

// NonPublic returns in words what kind of non-public address addr is, and "" if it
// is an address of the public Internet. An IPv6 address that stands for an IPv4
// address counts as that one (CVE-2024-24790).
func NonPublic(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("") // a prefix contains no address with a zone
	whole := addr.As16()
	if [12]byte(whole[:]) == [12]byte{0x00, 0x64, 0xff, 0x9b} { // 64:ff9b::/96, NAT64
		addr = netip.AddrFrom4([4]byte(whole[12:])) // RFC 6052 section 2.2
	}
	for _, r := range nonPublicRanges {
		if r.prefix.Contains(addr) {
			return r.kind
		}
	}
	// All public IPv6 addresses so far are in 2000::/3 (RFC 4291 section 2.4).
	if !addr.Is4() && whole[0]>>5 != 1 {
		return "a reserved address"
	}
	return ""
}
