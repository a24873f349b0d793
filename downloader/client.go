package downloader

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"grab/downloader/internal/http1"
)

// maxHeaderBytes bounds the headers of one response.
const maxHeaderBytes = 256 << 10

// network is what a client reaches the world by. Its zero fields stand for the
// real thing; tests set others.
type network struct {
	dial    dialFunc                              // connects to any address
	dialer  *net.Dialer                           // looks up and dials
	proxy   func(*http.Request) (*url.URL, error) // of a request; nil: none
	special func(netip.Addr) string               // see specialAddress
}

// orReal returns n with the real thing for each field that is not set.
func (n network) orReal(o *Options) network {
	if n.dialer == nil {
		n.dialer = &net.Dialer{}
	}
	n.dialer.Timeout, n.dialer.KeepAlive = o.ConnectTimeout, 30*time.Second
	if n.proxy == nil {
		n.proxy = proxyOf
	}
	if n.special == nil {
		n.special = specialAddress
	}
	return n
}

// newClient returns the HTTP client of a fetcher. Time limits are its
// transports', not http.Client.Timeout, which would count large bodies too.
func newClient(o *Options, n network) *http.Client {
	n = n.orReal(o)
	b := &border{strict: o.DenyPrivate, dialer: n.dialer, proxy: n.proxy, special: n.special}
	switch {
	case n.dial != nil:
		b.open = newTransport(o, n.dial)
	case o.DialTo != "":
		b.open = newTransport(o, func(ctx context.Context, network, _ string) (net.Conn, error) {
			return n.dialer.DialContext(ctx, network, o.DialTo)
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
func newTransport(o *Options, dial dialFunc) *transport {
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
		Asked:          func(ctx context.Context) { trackerOf(ctx).unconnected() },
		Got:            func(ctx context.Context, c net.Conn, reused bool) { trackerOf(ctx).connected(c.RemoteAddr(), reused) },
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
func closeIdle(c *http.Client) {
	c.Transport.(*watchdog).base.closeIdle()
}

// redirectRule bounds redirects to http and https and to MaxRedirects, and
// leaves the user's headers behind at the first step to another origin: they
// may hold secrets of the first (CVE-2022-27774, CVE-2024-45336). A name and
// password that a server sends along are nobody's (RFC 9110 section 4.2.4).
// Where a redirect may connect to is the border's business.
func redirectRule(o *Options) func(*http.Request, []*http.Request) error {
	return func(next *http.Request, via []*http.Request) error {
		if len(via) > o.MaxRedirects {
			return &Error{Class: ClassTooManyRedirects, Reason: fmt.Sprintf("more than %d redirects", o.MaxRedirects)}
		}
		if scheme := next.URL.Scheme; scheme != "http" && scheme != "https" {
			return &Error{Class: ClassPolicy, Reason: fmt.Sprintf("redirected to a %s URL, which is not fetched", scheme)}
		}
		if len(next.URL.Path)+len(next.URL.RawQuery) > MaxLine {
			return &Error{Class: ClassProtocol, Reason: fmt.Sprintf("redirected to a URL longer than %d bytes", MaxLine)}
		}
		next.URL.User = nil
		if o.Header.Get("Referer") == "" {
			next.Header.Del("Referer") // net/http adds one of its own
		}
		// Each step starts from the first request's headers again, so one
		// crossing anywhere on the way is looked for every time.
		crossed := !sameOrigin(via[0].URL, next.URL)
		for _, step := range via[1:] {
			crossed = crossed || !sameOrigin(via[0].URL, step.URL)
		}
		if crossed {
			for name := range o.Header {
				next.Header.Del(name)
			}
			next.Header.Del("Authorization") // which may be the URL's
			next.Host = ""
			setDefaults(next.Header, o)
		}
		return nil
	}
}

// sameOrigin compares scheme, host and port (RFC 6454 section 5).
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// requestHeader returns the headers that each image is asked for with.
func requestHeader(o *Options) http.Header {
	h := http.Header{}
	for name, values := range o.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	setDefaults(h, o)
	return h
}

func setDefaults(h http.Header, o *Options) {
	for name, value := range map[string]string{
		"Accept":          "image/*, */*;q=0.5",
		"Accept-Encoding": "identity", // the same representation on the first try and on every other
		"User-Agent":      o.UserAgent,
	} {
		if _, set := h[name]; !set {
			h[name] = []string{value}
		}
	}
}
