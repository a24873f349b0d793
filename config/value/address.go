package value

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"grab/downloader"
)

// HostPort parses an address to listen on.
func HostPort(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not host:port, such as 127.0.0.1:8080", text)
	}
	return text, nil
}

// PageAddress parses where the live page is served. Without a host it is for this machine alone.
func PageAddress(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not [host]:port, such as :8080 or 0.0.0.0:8080", text)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// NameServers parses the addresses of name servers, separated by commas. The port is 53
// (RFC 1035 section 4.2) unless another is given.
func NameServers(text string) ([]netip.AddrPort, error) {
	list, err := words(text)
	if err != nil {
		return nil, err
	}
	var servers []netip.AddrPort
	for _, word := range list {
		server, err := netip.ParseAddrPort(word)
		if addr, bare := netip.ParseAddr(word); bare == nil {
			server, err = netip.AddrPortFrom(addr, 53), nil
		}
		if err != nil || server.Port() == 0 {
			return nil, fmt.Errorf("%q is not the address of a name server, such as 1.1.1.1 or [2620:fe::fe]:53", word)
		}
		servers = append(servers, server)
	}
	return servers, nil
}

// Proxy parses the URL of a proxy. Its error does not contain the URL, which may hold a
// password.
func Proxy(text string) (string, error) {
	if _, ok := downloader.ProxyURL(text); !ok {
		return "", errors.New("is not the URL of a proxy, such as http://host:3128 or socks5h://host:1080; " +
			"in its password, @ : / ? # % and space are written as %40 %3A %2F %3F %23 %25 %20")
	}
	return text, nil
}
