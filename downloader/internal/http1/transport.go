// Package http1 sends HTTP/1.1 requests and reads their responses in the
// caller's goroutine. net/http uses two more goroutines for each connection and
// wakes both for each request. That costs more than everything else a small image
// needs, so a transport of our own pays off when there are many images.
//
// It supports only what a downloader needs: requests without a body, for http
// URLs, without a proxy. It leaves all others to the [http.Transport] that it is
// registered with. It writes and parses the common forms of requests and
// responses itself, and uses net/http's code for the rest.
package http1

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// Transport sends requests and keeps idle connections for later ones. It is meant
// for [http.Transport.RegisterProtocol] with the scheme "http", and safe for
// concurrent use. It starts no goroutines.
type Transport struct {
	// Dial connects to a host and port. It must not be nil.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Proxied reports whether a request goes through a proxy, and so is not for
	// this transport. Nil means that no request does.
	Proxied func(*http.Request) bool
	// Asked, if not nil, is called for each request before it has a connection,
	// and Got once it has one. Both cost less than httptrace.
	Asked func(context.Context)
	Got   func(ctx context.Context, c net.Conn, reused bool)

	HeaderTimeout  time.Duration // from the request to the end of the response headers; above 0
	MaxHeaderBytes int64         // for a response and all 1xx responses before it; above 0
	IdleTimeout    time.Duration // a connection that was idle for longer is not used again
	MaxIdle        int           // idle connections to all hosts together

	pool pool
}

// RoundTrip implements [http.RoundTripper]. If a request fails on a reused
// connection before the first byte of its response, it is sent again on another:
// the server may have closed the first one in the meantime (RFC 9112 section
// 9.3.1). The caller must read the response's body to its end or close it.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.Takes(req) {
		return nil, http.ErrSkipAltProtocol
	}
	address := dialAddress(req.URL)
	for {
		c, err := t.connection(req.Context(), address)
		if err != nil {
			return nil, err
		}
		resp, err := t.exchange(c, req)
		if err == nil {
			return resp, nil
		}
		if c.reused && !c.answered && req.Context().Err() == nil && !isTimeout(err) {
			continue // ends at the latest with a new connection
		}
		return nil, err
	}
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
	return req.URL.Scheme == "http" && req.Body == nil && req.URL.Hostname() != "" &&
		(t.Proxied == nil || !t.Proxied(req))
}

func dialAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}

// connection returns an idle connection, or a new one.
func (t *Transport) connection(ctx context.Context, address string) (*conn, error) {
	if t.Asked != nil {
		t.Asked(ctx)
	}
	c := t.pool.take(address, t.IdleTimeout)
	if c == nil {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		raw, err := t.Dial(ctx, "tcp", address)
		if err != nil {
			return nil, err
		}
		c = newConn(raw, address)
	}
	if t.Got != nil {
		t.Got(ctx, c.raw, c.reused)
	}
	return c, nil
}

// CloseIdleConnections closes the connections that are idle.
func (t *Transport) CloseIdleConnections() { t.pool.closeAll() }

// exchange sends a request on a connection and returns the response, whose body
// then owns the connection. If it fails, it closes the connection.
func (t *Transport) exchange(c *conn, req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	stop := context.AfterFunc(ctx, func() { c.raw.Close() })
	resp, err := c.roundTrip(req, t.HeaderTimeout, t.MaxHeaderBytes)
	if err != nil {
		stop()
		c.raw.Close()
		return nil, causeOr(ctx, err)
	}
	b := &body{content: resp.Body, transport: t, conn: c, ctx: ctx, stop: stop}
	b.reusable = !resp.Close && resp.StatusCode != http.StatusSwitchingProtocols
	switch resp.Body {
	case http.NoBody:
		b.release(nil)
		return resp, nil
	case nil:
		b.sized = sizedBody{reader: c.reader, left: resp.ContentLength}
		b.content = &b.sized
	}
	resp.Body = b
	return resp, nil
}

// causeOr returns the cause of ctx's end if ctx has ended, since that closes the
// connection. Otherwise it returns err.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// body is the body of a response. When it ends, the connection goes back to the
// pool.
type body struct {
	content   io.Reader // &sized, or a body that net/http parses
	sized     sizedBody
	transport *Transport
	conn      *conn
	ctx       context.Context // the request's; when it ends, the body fails
	stop      func() bool     // stops watching ctx
	reusable  bool            // the response lets the connection stay open
	released  atomic.Bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.content.Read(p)
	if err != nil {
		b.release(err)
		if err != io.EOF {
			err = causeOr(b.ctx, err)
		}
	}
	return n, err
}

// Close ends the body, also while another goroutine reads it. It does not wait
// for the unread rest: it closes the connection.
func (b *body) Close() error {
	b.release(net.ErrClosed)
	return nil
}

// release gives the connection up, once. The connection is reused only if the
// response ended properly and nothing follows it: bytes that a server sends too
// early would be taken for the next response (RFC 9112 section 9.2).
func (b *body) release(err error) {
	if !b.released.CompareAndSwap(false, true) {
		return
	}
	ended := b.stop() && (err == nil || err == io.EOF)
	if ended && b.reusable && !b.sized.surplus && b.conn.reader.Buffered() == 0 {
		b.transport.pool.put(b.conn, b.transport.MaxIdle, b.transport.IdleTimeout)
	} else {
		b.conn.raw.Close()
	}
}
