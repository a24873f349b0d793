package http1

import (
	"net"
	"net/url"
)

// target is where a connection leads.
type target struct {
	secure  bool   // by TLS
	address string // host and port
}

func targetOf(u *url.URL) target {
	secure, port := u.Scheme == "https", u.Port()
	switch {
	case port != "":
	case secure:
		port = "443"
	default:
		port = "80"
	}
	return target{secure, net.JoinHostPort(u.Hostname(), port)}
}
