// Package client makes the HTTP clients that fetch images. It limits what a
// server can make them do.
package client

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/identity"
	"grab/downloader/internal/names"
	"grab/downloader/internal/proxy"
)

// Network is how a client reaches the world. A zero field stands for the real
// thing; tests set others.
type Network struct {
	Dial      dialFunc                              // connects to any address
	Dialer    *net.Dialer                           // connects to an address
	Names     *names.Resolver                       // looks names up; only its Lookup must be set
	Proxy     func(*http.Request) (*url.URL, error) // the proxy of a request; see [proxy.Choice]
	NonPublic func(netip.Addr) string               // see the function [NonPublic]
}

// orReal returns n with the real thing for each field that is not set.
func (n Network) orReal(o *downloader.Options) Network {
	if n.Dialer == nil {
		n.Dialer = &net.Dialer{}
	}
	n.Dialer.Timeout, n.Dialer.KeepAlive = o.ConnectTimeout, 30*time.Second
	if n.Names == nil {
		n.Names = &names.Resolver{Lookup: net.DefaultResolver.LookupNetIP}
		if len(o.DNS) > 0 {
			n.Names.Lookup = names.Servers(o.DNS)
		}
	}
	n.Names.Timeout, n.Names.Failure, n.Names.Local = o.ConnectTimeout, min(o.RetryMin, time.Second), cause.IsShortage
	switch {
	case o.IPv4Only:
		n.Names.Only = 4
	case o.IPv6Only:
		n.Names.Only = 6
	}
	if n.Proxy == nil {
		n.Proxy = proxy.Choice(o, os.Getenv)
	}
	if n.NonPublic == nil {
		n.NonPublic = NonPublic
	}
	return n
}

// New returns an HTTP client, whose redirects follow id. Its transports have the time limits, and not
// [http.Client.Timeout], which would limit large bodies too.
func New(o *downloader.Options, n Network, id *identity.Identity) *http.Client {
	n = n.orReal(o)
	g := &guard{denyPrivate: o.DenyPrivate, dialer: n.Dialer, names: n.Names, proxy: n.Proxy, nonPublic: n.NonPublic}
	switch {
	case n.Dial != nil:
		g.anyAddress = newTransport(o, n.Dial)
	case o.DialTo != "":
		g.anyAddress = newTransport(o, func(ctx context.Context, network, _ string) (net.Conn, error) {
			return n.Dialer.DialContext(ctx, network, o.DialTo)
		})
	default:
		g.anyAddress = newTransport(o, dialThroughProxy(n.Names, n.Dialer))
		g.anyAddress.useProxy()
		g.publicOnly = newTransport(o, g.dialPublic)
	}
	return &http.Client{
		Transport:     &watchdog{base: g, stall: o.StallTimeout, minSpeed: o.MinSpeed},
		CheckRedirect: redirectRule(o, id),
	}
}

// CloseIdle closes the idle connections of a client that New has returned.
func CloseIdle(c *http.Client) {
	c.Transport.(*watchdog).base.closeIdle()
}
