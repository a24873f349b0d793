// Package http1 sends HTTP/1.1 requests and reads their responses in the
// caller's goroutine. net/http uses two more goroutines for each connection and
// wakes both for each request. That costs more than everything else a small image
// needs, so a transport of our own pays off when there are many images.
//
// It supports only what a downloader needs: requests without a body, without a
// proxy. It leaves all others to the [http.Transport] that it is registered with.
// It writes and parses the common forms of requests and responses itself, and uses
// net/http's code for the rest.
//
// HTTP/1.1 has no mark that says which request a response belongs to: the order
// says it (RFC 9112 section 9.2). A server that sends a response nobody asked for
// would shift every later response on the connection by one request. So a used
// connection is watched for such bytes: before a request, in the buffer, and once
// more when the caller has done with the body.
package http1

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Transport sends requests and keeps idle connections for later ones. It is meant
// for [http.Transport.RegisterProtocol] with the schemes "http" and "https", and safe
// for concurrent use. It starts no goroutines.
type Transport struct {
	// Dial connects to a host and port for http URLs, and DialTLS for https URLs. Dial
	// must not be nil. Without DialTLS, https requests are not for this transport.
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	DialTLS func(ctx context.Context, network, address string) (*tls.Conn, error)
	// Proxied reports whether a request goes through a proxy, and so is not for
	// this transport. Nil means that no request does.
	Proxied func(*http.Request) bool
	// Asked, if not nil, is called for each request before it has a connection. It
	// reports whether that must be a new one. Got, if not nil, is called once the
	// request has its connection. Both cost less than httptrace.
	Asked func(context.Context) (fresh bool)
	Got   func(ctx context.Context, c net.Conn, reused bool)

	HeaderTimeout  time.Duration // from the request to the end of the response headers; above 0
	MaxHeaderBytes int64         // for a response and all 1xx responses before it; above 0
	IdleTimeout    time.Duration // a connection that was idle for longer is not used again
	MaxIdle        int           // idle connections to all hosts together

	pool pool
}

// RoundTrip implements [http.RoundTripper]. If a request fails on a used connection,
// it is sent once more, on a new one: the server may have closed the first in the
// meantime (RFC 9112 section 9.3.1), or have sent there what is no response to this
// request. The other idle connections keep out of it. A timeout is no such failure.
// The caller must close the response's body; see [ErrSurplus] for what Close returns.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.Takes(req) {
		return nil, http.ErrSkipAltProtocol
	}
	to, ctx := targetOf(req.URL), req.Context()
	c, err := t.connection(ctx, to, false)
	if err != nil {
		return nil, err
	}
	resp, err := t.exchange(c, req)
	if err == nil || !c.reused || isTimeout(err) || ctx.Err() != nil {
		return resp, err
	}
	if c, err = t.connection(ctx, to, true); err != nil {
		return nil, err
	}
	return t.exchange(c, req)
}

// Takes reports whether a request is for this transport. It leaves requests to
// net/http that have a body, no host, a host that is not ASCII, or a proxy.
func (t *Transport) Takes(req *http.Request) bool {
	host := req.URL.Host
	for i := range len(host) {
		if host[i] >= 0x80 {
			return false
		}
	}
	scheme := req.URL.Scheme == "http" || req.URL.Scheme == "https" && t.DialTLS != nil
	return scheme && req.Body == nil && req.URL.Hostname() != "" &&
		(t.Proxied == nil || !t.Proxied(req))
}

// connection returns an idle connection, or a new one. If fresh is true, it returns a
// new one.
func (t *Transport) connection(ctx context.Context, to target, fresh bool) (*conn, error) {
	if t.Asked != nil && t.Asked(ctx) {
		fresh = true
	}
	var c *conn
	if !fresh {
		c = t.pool.take(to, t.IdleTimeout)
	}
	if c == nil {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		var err error
		if c, err = t.dial(ctx, to); err != nil {
			return nil, err
		}
	}
	if t.Got != nil {
		t.Got(ctx, c.raw, c.reused)
	}
	return c, nil
}

func (t *Transport) dial(ctx context.Context, to target) (*conn, error) {
	if to.secure {
		raw, err := t.DialTLS(ctx, "tcp", to.address)
		if err != nil {
			return nil, err
		}
		return newConn(raw, raw.NetConn(), to), nil
	}
	raw, err := t.Dial(ctx, "tcp", to.address)
	if err != nil {
		return nil, err
	}
	return newConn(raw, raw, to), nil
}

// AddTLS gives t a TLS connection to address that has carried no request yet.
func (t *Transport) AddTLS(raw *tls.Conn, address string) {
	c := newConn(raw, raw.NetConn(), target{true, address})
	t.pool.put(c, t.MaxIdle, t.IdleTimeout)
}

// CloseIdleConnections closes the connections that are idle.
func (t *Transport) CloseIdleConnections() { t.pool.closeAll() }

// exchange sends a request on a connection and returns the response, whose body
// then owns the connection. If it fails, it closes the connection.
func (t *Transport) exchange(c *conn, req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	stop := context.AfterFunc(ctx, func() { c.raw.Close() })
	resp, err := c.roundTrip(req, t.HeaderTimeout, t.MaxHeaderBytes)
	if err == nil && c.reused && c.surplus(resp) {
		t.pool.distrust(c.target)
		err = ErrSurplus
	}
	if err != nil {
		stop()
		c.raw.Close()
		return nil, causeOr(ctx, err)
	}
	b := &body{content: resp.Body, conn: c, ctx: ctx, stop: stop, pool: &t.pool, maxIdle: t.MaxIdle, maxAge: t.IdleTimeout}
	b.reusable = !resp.Close && resp.StatusCode != http.StatusSwitchingProtocols
	if resp.Body == nil {
		b.sized = sizedBody{reader: c.reader, left: resp.ContentLength}
		b.content = &b.sized
	}
	resp.Body = b
	return resp, nil
}
