// Package http1 sends HTTP/1.1 requests and reads their responses in the
// goroutine that asks. net/http keeps two more for each connection and wakes
// both for each request, which costs more than all else that a small image
// needs; for many images, it is worth a transport of our own.
//
// It has no more than a downloader needs: requests without a body, to http URLs,
// without a proxy. It leaves all others to the [http.Transport] that it is
// registered with. The requests and responses that nearly all images have, it
// writes and parses itself; net/http does all others.
package http1

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// maxInterim is how many responses 1xx may come before the real one.
const maxInterim = 32

// Transport is a pool of connections. It is meant for
// [http.Transport.RegisterProtocol] with the scheme "http", and safe for use by
// many goroutines. It starts no goroutine.
type Transport struct {
	// Dial connects to a host and port. It must not be nil.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Proxied reports whether a request is not for this transport, since a proxy
	// is to have it. Nil: none is.
	Proxied func(*http.Request) bool
	// Asked, if it is not nil, is called for each request before it has a
	// connection, and Got once it has one. That is cheaper than httptrace.
	Asked func(context.Context)
	Got   func(ctx context.Context, c net.Conn, reused bool)

	HeaderTimeout  time.Duration // from a request to the end of its response's headers; above 0
	MaxHeaderBytes int64         // of a response and all 1xx before it; above 0
	IdleTimeout    time.Duration // a connection idle for longer is not used again
	MaxIdle        int           // connections to all hosts

	mu   sync.Mutex
	idle []*conn // by the time that they became so, the latest last
}

// RoundTrip implements [http.RoundTripper]. A request that fails before the
// first byte of its response, on a connection that others had used, is sent
// again on another: the server may have closed it meanwhile (RFC 9112 section
// 9.3.1). The response's body must be read to its end or closed.
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
		resp, err := c.exchange(req)
		if err == nil {
			return resp, nil
		}
		if c.silent && c.reused && req.Context().Err() == nil && !timeout(err) {
			continue // which comes to an end, at the latest with a new connection
		}
		return nil, err
	}
}

// Takes reports whether a request is for this transport. Those with a body, with
// no host, with a host that is not ASCII, or for a proxy, are for net/http.
func (t *Transport) Takes(req *http.Request) bool {
	host := req.URL.Host
	for i := range len(host) {
		if host[i] >= 0x80 {
			return false
		}
	}
	return req.URL.Scheme == "http" && req.Body == nil && req.URL.Hostname() != "" && (t.Proxied == nil || !t.Proxied(req))
}

func dialAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func timeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}

// connection returns an idle connection, or a new one.
func (t *Transport) connection(ctx context.Context, address string) (*conn, error) {
	if t.Asked != nil {
		t.Asked(ctx)
	}
	c := t.take(address)
	if c == nil {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		raw, err := t.Dial(ctx, "tcp", address)
		if err != nil {
			return nil, err
		}
		c = newConn(t, raw, address)
	}
	if t.Got != nil {
		t.Got(ctx, c.raw, c.reused)
	}
	return c, nil
}

// take removes the connection to address from the pool that was used last, or
// returns nil. The others may die of old age.
func (t *Transport) take(address string) *conn {
	for {
		c := t.remove(address)
		if c == nil || time.Since(c.idleSince) < t.IdleTimeout && c.quiet.holds() {
			return c
		}
		c.raw.Close()
	}
}

func (t *Transport) remove(address string) *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.idle) - 1; i >= 0; i-- {
		if c := t.idle[i]; c.address == address {
			t.idle = append(t.idle[:i], t.idle[i+1:]...)
			return c
		}
	}
	return nil
}

// put returns a connection to the pool, and drops those that are too old or one
// too many.
func (t *Transport) put(c *conn) {
	c.reused, c.idleSince = true, time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.idle = append(t.idle, c)
	for len(t.idle) > t.MaxIdle || c.idleSince.Sub(t.idle[0].idleSince) > t.IdleTimeout {
		t.idle[0].raw.Close()
		t.idle = t.idle[1:]
	}
}

// CloseIdleConnections closes the connections that are idle.
func (t *Transport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.idle {
		c.raw.Close()
	}
	t.idle = nil
}

// headerLimitError is a response whose headers are too long.
type headerLimitError int64

func (e headerLimitError) Error() string {
	return fmt.Sprintf("response headers of more than %d bytes", int64(e))
}
