package client

import (
	"net/netip"
	"strings"
	"testing"
)

// TestNonPublic tests both ends of each range, and the public addresses next
// to them.
func TestNonPublic(t *testing.T) {
	for _, public := range strings.Fields(`
		1.0.0.0 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
		169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0
		192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0
		223.255.255.255 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
		2001:200:: 2001:4860:4860::8888 2001:db7:: 2001:db9:: 2003:: 2606:4700::1111 3ffe:: 3fff:1000:: 2000::
	`) {
		if kind := NonPublic(netip.MustParseAddr(public)); kind != "" {
			t.Errorf("%s is %s", public, kind)
		}
	}
	for kind, addresses := range map[string]string{
		"a loopback address":            "127.0.0.0 127.0.0.1 127.255.255.255 ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::127.0.0.1 64:ff9b::7fff:ffff",
		"an unspecified address":        "0.0.0.0 0.255.255.255 :: ::ffff:0.0.0.0 64:ff9b::",
		"a private address":             "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 fc00:: fdff:ffff:: fec0::1 ::ffff:10.0.0.1 64:ff9b::192.168.1.1",
		"a provider's internal address": "100.64.0.0 100.127.255.255 ::ffff:100.64.0.1",
		"a link-local address":          "169.254.0.0 169.254.169.254 169.254.255.255 fe80::1 fe80::1%eth0 febf:ffff:: ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe",
		"a multicast address":           "224.0.0.0 239.255.255.255 ff00:: ff02::1 ff02::1%2 ffff::",
		"a reserved address": `192.0.0.0 192.0.0.255 192.0.2.1 198.51.100.1 203.0.113.1 192.88.99.1 198.18.0.0 198.19.255.255 240.0.0.0 255.255.255.255
			::127.0.0.1 ::8.8.8.8 64:ff9b:1:: 100::1 1fff:: 2001:: 2001:0:7f00:1:: 2001:1ff:: 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff:: 3fff:fff:: 4000:: 5f00::1 fbff::`,
	} {
		for address := range strings.FieldsSeq(addresses) {
			if got := NonPublic(netip.MustParseAddr(address)); got != kind {
				t.Errorf("%s is %q, want %s", address, got, kind)
			}
		}
	}
	if NonPublic(netip.Addr{}) == "" {
		t.Error("no address at all is public")
	}
}
