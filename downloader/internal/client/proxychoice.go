package client

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"grab/downloader"
)

// errNoProxy is the error for a proxy in the environment that is not a URL. It
// does not quote the value, which may hold a password. A request without the proxy
// would be worse than none.
var errNoProxy = errors.New("HTTP_PROXY, HTTPS_PROXY or ALL_PROXY is not the URL of a proxy; " +
	"in its password, @ : / ? # % and space are written as %40 %3A %2F %3F %23 %25 %20")

// errCGI is the error for an HTTP_PROXY that a client of a web server may have set by a
// header of its request (CVE-2016-5385).
var errCGI = errors.New("HTTP_PROXY is not used in a CGI script")

// proxyUnknown returns the failure of a request whose proxy is not known, for a reason
// that may hold a password.
func proxyUnknown(reason error) error {
	if reason != errCGI {
		reason = errNoProxy
	}
	return &downloader.Error{Class: downloader.ClassProxy, Retry: downloader.RetryNever, Err: reason}
}

// proxyFor is the proxy for one scheme.
type proxyFor struct {
	url *url.URL // nil: none
	err error    // why there must be no request
}

// ProxyChoice returns a function that returns the proxy of a request, or nil. It is the
// proxy of o, or else that of the environment, which getenv reads. As in net/http,
// the environment's proxy is not for this machine's own servers.
func ProxyChoice(o *downloader.Options, getenv func(string) string) func(*http.Request) (*url.URL, error) {
	first := func(names ...string) string {
		for _, name := range names {
			if value := getenv(name); value != "" {
				return value
			}
		}
		return ""
	}
	choose := func(value string) proxyFor {
		if value == "" {
			return proxyFor{}
		}
		u, ok := downloader.ProxyURL(value)
		if !ok {
			return proxyFor{err: errNoProxy}
		}
		return proxyFor{url: u}
	}
	plain, secure := choose(o.Proxy), choose(o.Proxy)
	if o.Proxy == "" {
		plain = choose(first("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"))
		secure = choose(first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"))
		if getenv("HTTP_PROXY") != "" && getenv("REQUEST_METHOD") != "" {
			plain = proxyFor{err: errCGI}
		}
	}
	if plain == (proxyFor{}) && secure == plain {
		return func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	without := o.NoProxy
	if without == "" {
		without = first("NO_PROXY", "no_proxy")
	}
	direct := parseNoProxy(without)
	direct.loopback = o.Proxy == ""
	return func(req *http.Request) (*url.URL, error) {
		p := plain
		if req.URL.Scheme == "https" {
			p = secure
		}
		if p.err != nil || p.url == nil || direct.has(req.URL) {
			return nil, p.err
		}
		return p.url, nil
	}
}

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
		if (host == rule.host || below) && (rule.port == "" || rule.port == port(u)) {
			return true
		}
	}
	return false
}
