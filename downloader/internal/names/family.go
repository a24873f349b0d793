package names

import "net/netip"

// Family is a family of addresses: 4 or 6.
type Family int

func familyOf(a netip.Addr) Family {
	if a.Is4() {
		return 4
	}
	return 6
}

func (f Family) other() Family { return 10 - f }

// network returns what look-ups call the family. Zero stands for both.
func (f Family) network() string { return map[Family]string{0: "ip", 4: "ip4", 6: "ip6"}[f] }

func (f Family) String() string { return map[Family]string{0: "IP", 4: "IPv4", 6: "IPv6"}[f] }
