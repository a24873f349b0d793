package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"syscall"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
	"grab/downloader/live"
)

// border keeps requests on the right side of the line between the public
// Internet and the addresses that only this machine or its network can reach. A
// list may name private addresses; but a public server must not lead there by a
// redirect, and with Options.DenyPrivate nothing may.
//
// What counts is the address that is dialled, after the look-up: a name can mean
// another one each time (DNS rebinding). Two pools of connections keep a request
// that may not go to a private address from finding a connection that another
// one left there.
type border struct {
	open    *transport // connects to any address, and to proxies
	guarded *transport // connects to public addresses only, without a proxy; nil: no border
	strict  bool       // nothing is for open, but what goes through a proxy

	dialer  *net.Dialer
	proxy   func(*http.Request) (*url.URL, error)
	special func(netip.Addr) string // specialAddress, unless a test needs a public address of its own
}

// RoundTrip implements http.RoundTripper.
func (b *border) RoundTrip(req *http.Request) (*http.Response, error) {
	if b.guarded == nil {
		return b.open.RoundTrip(req)
	}
	proxy, err := b.proxy(req)
	if err != nil {
		return nil, &downloader.Error{Class: downloader.ClassProxy, Retry: downloader.RetryNever, Err: errNoProxy}
	}
	anywhere := !b.strict && (req.Response == nil || b.fromPrivate(req))
	if proxy != nil {
		// The proxy looks names up. What is an address already can be judged here.
		if addr, err := netip.ParseAddr(req.URL.Hostname()); err == nil && !anywhere {
			if kind := b.special(addr); kind != "" {
				return nil, b.refuse(req, &trespass{addr.String(), kind})
			}
		}
		return b.throughProxy(req, proxy)
	}
	if anywhere {
		return b.open.RoundTrip(req)
	}
	resp, err := b.guarded.RoundTrip(req)
	if t, ok := errors.AsType[*trespass](err); ok {
		return nil, b.refuse(req, t)
	}
	return resp, err
}

// fromPrivate reports whether a redirect was sent by a private address. All
// steps before it were private then, or it would not have been asked.
func (b *border) fromPrivate(req *http.Request) bool {
	t, known := req.Context().Value(trackerKey{}).(*live.Tracker)
	if !known || b.proxied(req.Response.Request) {
		return false
	}
	remote, ok := t.Remote().(*net.TCPAddr)
	return ok && b.special(remote.AddrPort().Addr()) != ""
}

// proxied reports whether a request goes through a proxy, or would if it could be
// told which.
func (b *border) proxied(req *http.Request) bool {
	proxy, err := b.proxy(req)
	return proxy != nil || err != nil
}

// dial connects to a public address. If any address that it tries is refused,
// so is the dial, whatever the others failed with.
func (b *border) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var refused atomic.Pointer[trespass] // addresses of two families are tried at the same time
	dialer := *b.dialer
	dialer.Control = func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if kind := b.special(to.Addr()); kind != "" {
			t := &trespass{address, kind}
			refused.Store(t)
			return t
		}
		return nil
	}
	conn, err := dialer.DialContext(ctx, network, address)
	if t := refused.Load(); err != nil && t != nil {
		return nil, t
	}
	return conn, err
}

// trespass is an address on the other side of the border.
type trespass struct{ address, kind string }

func (t *trespass) Error() string { return t.address + " is " + t.kind }

// refuse says why a request was not sent.
func (b *border) refuse(req *http.Request, t *trespass) error {
	rule := "a public server must not redirect there"
	if b.strict {
		rule = "private addresses are refused"
	}
	return &downloader.Error{Class: downloader.ClassPolicy, Op: live.PhaseConnect.String(), Reason: fmt.Sprintf("%s leads to %s, %s: %s",
		sanitize.Text(sanitize.URL(req.URL.String()), sanitize.MaxURL), t.address, t.kind, rule)}
}

// closeIdle closes the connections that are idle.
func (b *border) closeIdle() {
	b.open.closeIdle()
	if b.guarded != nil {
		b.guarded.closeIdle()
	}
}
