package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"

	"grab/downloader"
	"grab/downloader/internal/names"
	"grab/downloader/internal/proxy"
	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/weburl"
	"grab/downloader/live"
)

// guard keeps requests away from addresses that only this machine or its network
// can reach. A list may name such addresses. But a public server must not redirect
// to them, and with Options.DenyPrivate no request may go to them.
//
// The guard checks the address that is dialled, after the look-up: a name can
// stand for another address each time (DNS rebinding). There are two pools of
// connections. Otherwise a request that may not go to a private address could get
// a connection to one that another request has left.
type guard struct {
	anyAddress  *transport // connects to any address, and to proxies
	publicOnly  *transport // connects to public addresses only, without a proxy; nil: no checks
	denyPrivate bool       // anyAddress has only the requests through a proxy

	dialer    *net.Dialer
	names     *names.Resolver
	proxy     func(*http.Request) (*url.URL, error)
	nonPublic func(netip.Addr) string // the function NonPublic, unless a test needs a public address
}

// RoundTrip implements [http.RoundTripper]. It maps a redirect's target before anything
// else looks at it.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := g.send(req)
	if err == nil && resp.StatusCode/100 == 3 {
		if location := resp.Header.Get("Location"); location != "" {
			resp.Header.Set("Location", weburl.Location(location, req.URL.Scheme))
		}
	}
	return resp, err
}

func (g *guard) send(req *http.Request) (*http.Response, error) {
	if g.publicOnly == nil {
		return g.anyAddress.RoundTrip(req)
	}
	through, err := g.proxy(req)
	if err != nil {
		return nil, proxy.Unknown(err)
	}
	anywhere := !g.denyPrivate && (req.Response == nil || g.fromPrivate(req))
	if through != nil {
		// The proxy looks names up. Only what stands in the URL can be checked here.
		if private := g.privateHost(req.URL.Hostname()); private != nil && !anywhere {
			return nil, g.refusal(req, private)
		}
		return throughProxy(g.anyAddress, req, through)
	}
	t := g.publicOnly
	if anywhere {
		t = g.anyAddress
	}
	resp, err := t.RoundTrip(req)
	if err != nil && req.Context().Err() == nil {
		g.leavePath(req)
	}
	if private, ok := errors.AsType[*privateAddressError](err); ok {
		return nil, g.refusal(req, private)
	}
	return resp, err
}

// privateHost returns why a host may not be asked for through a proxy: it is a non-public
// address, or a name of the proxy's own machine (RFC 6761 section 6.3). It returns nil for
// any other host. The host is mapped, so that an address has only one form.
func (g *guard) privateHost(host string) *privateAddressError {
	if addr, err := netip.ParseAddr(host); err == nil {
		if kind := g.nonPublic(addr); kind != "" {
			return &privateAddressError{addr.String(), kind}
		}
		return nil
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return &privateAddressError{host, "a name of the proxy's own machine"}
	}
	return nil
}

// leavePath makes the next connection to a host try the other family of addresses, if a
// connection has failed.
func (g *guard) leavePath(req *http.Request) {
	tracker := trackerOf(req.Context())
	if at := tracker.Phase(); at == live.PhaseTLS || at == live.PhaseWait {
		g.names.Failed(req.URL.Hostname(), tracker.Remote())
	}
}

// fromPrivate reports whether a server on a private address sent a redirect. Then
// all servers before it had private addresses too: otherwise the guard would not
// have let the request to it pass.
func (g *guard) fromPrivate(req *http.Request) bool {
	if proxyOf(req.Response.Request.Context()) != nil {
		return false // the address would be the proxy's
	}
	remote, ok := trackerOf(req.Context()).Remote().(*net.TCPAddr)
	return ok && g.nonPublic(remote.AddrPort().Addr()) != ""
}

// dialPublic connects to a public address. If it refuses any of the addresses that
// it tries, it fails with a *privateAddressError, whatever the others fail with.
func (g *guard) dialPublic(ctx context.Context, network, address string) (net.Conn, error) {
	// The dialer tries addresses of both families at the same time.
	var refused atomic.Pointer[privateAddressError]
	dialer := *g.dialer
	dialer.Control = func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if kind := g.nonPublic(to.Addr()); kind != "" {
			private := &privateAddressError{address, kind}
			refused.Store(private)
			return private
		}
		return nil
	}
	conn, err := g.names.Dial(ctx, &dialer, network, address)
	if private := refused.Load(); err != nil && private != nil {
		return nil, private
	}
	return conn, err
}

// privateAddressError says that the guard did not let a request go to an address.
type privateAddressError struct{ address, kind string }

func (e *privateAddressError) Error() string { return e.address + " is " + e.kind }

// refusal returns the error of a request that was not sent.
func (g *guard) refusal(req *http.Request, private *privateAddressError) error {
	rule := "a public server must not redirect there"
	if g.denyPrivate {
		rule = "private addresses are refused"
	}
	shown := sanitize.Text(sanitize.URL(req.URL.String()), sanitize.MaxURL)
	return &downloader.Error{Class: downloader.ClassPolicy, Op: live.PhaseConnect.String(),
		Reason: fmt.Sprintf("%s leads to %s, %s: %s", shown, private.address, private.kind, rule)}
}

// closeIdle closes the connections that are idle.
func (g *guard) closeIdle() {
	g.anyAddress.closeIdle()
	if g.publicOnly != nil {
		g.publicOnly.closeIdle()
	}
}
