package proxy

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"grab/downloader/internal/weburl"
)

// noProxy is a set of hosts that are asked without a proxy.
type noProxy struct {
	all      bool
	loopback bool           // this machine, whatever the rules are
	networks []netip.Prefix // an address is a network of one
	rules    []noProxyRule
}

// noProxyRule is a host of a noProxy.
type noProxyRule struct {
	host  string // or an address, if there is a port
	below string // hosts that end so as well, from the dot on; empty: none
	port  string // empty: any
}

// parseNoProxy parses the value of NO_PROXY. It has no standard; this is what net/http
// makes of it, and curl, which also takes spaces between hosts.
func parseNoProxy(list string) noProxy {
	var n noProxy
	for _, entry := range strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' }) {
		if entry == "*" {
			n.all = true
			continue
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			n.networks = append(n.networks, network.Masked())
			continue
		}
		host, port, err := net.SplitHostPort(entry)
		if err != nil {
			host, port = strings.Trim(entry, "[]"), ""
		}
		if addr, err := netip.ParseAddr(host); err == nil && port == "" {
			n.networks = append(n.networks, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		} else if err == nil {
			n.rules = append(n.rules, noProxyRule{host: addr.Unmap().String(), port: port})
			continue
		}
		host = strings.TrimPrefix(host, "*")
		switch {
		case strings.HasPrefix(host, "."):
			n.rules = append(n.rules, noProxyRule{below: host, port: port})
		case host != "":
			n.rules = append(n.rules, noProxyRule{host: host, below: "." + host, port: port})
		}
	}
	return n
}

// has reports whether the host of u is in the set.
func (n *noProxy) has(u *url.URL) bool {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	addr, err := netip.ParseAddr(host)
	isAddr := err == nil
	if isAddr && addr.Zone() == "" {
		addr = addr.Unmap()
		host = addr.String()
	}
	if n.all || n.loopback && (host == "localhost" || isAddr && addr.IsLoopback()) {
		return true
	}
	for _, network := range n.networks {
		if isAddr && network.Contains(addr) {
			return true
		}
	}
	for _, rule := range n.rules {
		below := !isAddr && rule.below != "" && strings.HasSuffix(host, rule.below)
		if (host == rule.host || below) && (rule.port == "" || rule.port == weburl.Port(u)) {
			return true
		}
	}
	return false
}
