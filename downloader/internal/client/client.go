package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/http1"
)

// maxHeaderBytes bounds the headers of one response.
const maxHeaderBytes = 256 << 10

// network is what a client reaches the world by. Its zero fields stand for the
// real thing; tests set others.
type Network struct {
	Dial    dialFunc                              // connects to any address
	Dialer  *net.Dialer                           // looks up and dials
	Proxy   func(*http.Request) (*url.URL, error) // of a request; nil: none
	Special func(netip.Addr) string               // see specialAddress
}

// orReal returns n with the real thing for each field that is not set.
func (n Network) orReal(o *downloader.Options) Network {
	if n.Dialer == nil {
		n.Dialer = &net.Dialer{}
	}
	n.Dialer.Timeout, n.Dialer.KeepAlive = o.ConnectTimeout, 30*time.Second
	if n.Proxy == nil {
		n.Proxy = ProxyOf
	}
	if n.Special == nil {
		n.Special = SpecialAddress
	}
	return n
}

// newClient returns the HTTP client of a fetcher. Time limits are its
// transports', not http.Client.Timeout, which would count large bodies too.
func New(o *downloader.Options, n Network) *http.Client {
	n = n.orReal(o)
	b := &border{strict: o.DenyPrivate, dialer: n.Dialer, proxy: n.Proxy, special: n.Special}
	switch {
	case n.Dial != nil:
		b.open = newTransport(o, n.Dial)
	case o.DialTo != "":
		b.open = newTransport(o, func(ctx context.Context, network, _ string) (net.Conn, error) {
			return n.Dialer.DialContext(ctx, network, o.DialTo)
		})
	default:
		b.open = newTransport(o, b.dialOpen)
		b.open.Proxy = b.proxy
		b.open.OnProxyConnectResponse = refusedTunnel
		b.open.plain.Proxied = b.proxied
		b.guarded = newTransport(o, b.dial)
	}
	return &http.Client{
		Transport:     &watchdog{base: b, stall: o.StallTimeout, least: o.MinSpeed},
		CheckRedirect: redirectRule(o),
	}
}

// transport carries requests: over TLS and through proxies by net/http, all
// others by plain.
type transport struct {
	*http.Transport
	plain *http1.Transport

	mu    sync.Mutex
	older *transport        // without HTTP/2; nil: not needed yet
	age   func() *transport // makes older
}

// RoundTrip implements http.RoundTripper. A server that wants no HTTP/2 for a
// request gets it again without (RFC 9113 section 7), which net/http does not do.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.plain.Takes(req) {
		req = req.WithContext(traced(req.Context()))
	}
	resp, err := t.Transport.RoundTrip(req)
	if err == nil || !strings.Contains(err.Error(), "HTTP_1_1_REQUIRED") {
		return resp, err
	}
	t.mu.Lock()
	if t.older == nil {
		t.older = t.age()
		t.older.Proxy, t.older.OnProxyConnectResponse = t.Proxy, t.OnProxyConnectResponse
	}
	older := t.older
	t.mu.Unlock()
	return older.Transport.RoundTrip(req)
}

// newTransport returns a transport without a proxy.
func newTransport(o *downloader.Options, dial dialFunc) *transport {
	dial = tellPorts(dial)
	t := &http.Transport{
		DialContext:            dial,
		TLSHandshakeTimeout:    o.ConnectTimeout,
		ResponseHeaderTimeout:  o.HeaderTimeout,
		MaxIdleConns:           4 * o.Workers,
		MaxIdleConnsPerHost:    o.Workers,
		MaxConnsPerHost:        o.Workers, // dials that a slow server leaves behind would pile up
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ReadBufferSize:         32 << 10, // a small image comes with its headers in one read, or two
		DisableCompression:     true,     // lengths and hashes are those of the image
		ForceAttemptHTTP2:      true,     // a dialer of our own would turn it off
		TLSClientConfig: &tls.Config{
			ClientSessionCache: tls.NewLRUClientSessionCache(4096),
			InsecureSkipVerify: o.Insecure,
		},
		// A connection that died without a word is found by a ping: golang/go#36026.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
	if len(o.RootCAs) > 0 {
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		t.TLSClientConfig.RootCAs.AppendCertsFromPEM(o.RootCAs)
	}
	if o.HTTP1 {
		t.Protocols = new(http.Protocols)
		t.Protocols.SetHTTP1(true)
	}
	plain := &http1.Transport{
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dial(traced(ctx), network, address)
		},
		Asked:          func(ctx context.Context) { trackerOf(ctx).Unconnected() },
		Got:            func(ctx context.Context, c net.Conn, reused bool) { trackerOf(ctx).Connected(c.RemoteAddr(), reused) },
		HeaderTimeout:  o.HeaderTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		IdleTimeout:    t.IdleConnTimeout,
		MaxIdle:        t.MaxIdleConns,
	}
	t.RegisterProtocol("http", plain)
	return &transport{Transport: t, plain: plain, age: func() *transport {
		without := *o
		without.HTTP1 = true
		return newTransport(&without, dial)
	}}
}

// closeIdle closes the connections that are idle.
func (t *transport) closeIdle() {
	t.CloseIdleConnections()
	t.plain.CloseIdleConnections()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.older != nil {
		t.older.closeIdle()
	}
}

// closeIdle closes the idle connections of a client of newClient.
func CloseIdle(c *http.Client) {
	c.Transport.(*watchdog).base.closeIdle()
}
