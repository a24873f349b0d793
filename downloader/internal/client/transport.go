package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/http1"
	"grab/downloader/live"
)

// maxHeaderBytes limits the headers of one response.
const maxHeaderBytes = 256 << 10

// transport sends requests over HTTP/1.1, and over HTTP/2 to hosts that have nothing else
// or if the user prefers it. Many connections to a host are faster than one for all: an
// image waits for no other's lost packets, no pipe lies between its bytes and its reader,
// and a server's processes share the work. Package http1 speaks HTTP/1.1, but through
// proxies net/http does.
type transport struct {
	*http.Transport
	plain   *http1.Transport
	options *downloader.Options
	hellos  smallHellos

	http2  *http.Transport // nil: it is never spoken
	others hostSet         // hosts of https URLs that do not speak the version that is preferred
	older  hostSet         // addresses whose servers were offered HTTP/2, and speak HTTP/1.1

	makeSmall func() *transport // nil: this one has a small ClientHello already
	mu        sync.Mutex        // guards small
	small     *transport        // without a key share of ML-KEM; made when the first host needs it
}

// Errors of a handshake that has shown which version of HTTP a server may want.
var (
	errHTTP1   = errors.New("the server speaks HTTP/1.1") // package http1 has the connection
	errUnnamed = errors.New("the server does not say that it speaks HTTP/1.1")
)

// RoundTrip implements [http.RoundTripper]. If a server may have dropped the ClientHello,
// RoundTrip sends the request again with a small one: see smallHellos.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme == "http" && t.plain.Takes(req) {
		return t.Transport.RoundTrip(req)
	}
	if t.hellos.need(req.URL.Host) {
		return t.withSmallHello().RoundTrip(req)
	}
	resp, err := t.send(req)
	if err == nil {
		return resp, nil
	}
	if t.mayNeedSmallHello(req, err) {
		resp, err = t.withSmallHello().RoundTrip(req)
		if phase := phaseOf(req); err == nil || phase >= live.PhaseTLS { // before it, there was no ClientHello
			t.hellos.note(req.URL.Host, err == nil || phase > live.PhaseTLS)
		}
		return resp, err
	}
	return nil, explainTLS(err, t.options)
}

// send sends a request. If the server does not speak the version of HTTP that is
// preferred, or refuses it for this request, send sends it again over the other one.
func (t *transport) send(req *http.Request) (*http.Response, error) {
	if t.http2 == nil || req.URL.Scheme == "http" {
		return t.over(false, req)
	}
	newer := t.options.HTTP2 != t.others.has(req.URL.Host)
	resp, err := t.over(newer, req)
	if err == nil || !wantsOtherVersion(err) {
		return resp, err
	}
	resp, err = t.over(!newer, req)
	switch {
	case err == nil:
		t.others.add(req.URL.Host)
	case errors.Is(err, errHTTP1): // now it is known
		return t.over(false, req)
	}
	return resp, err
}

// over sends a request over HTTP/2, or over HTTP/1.1.
func (t *transport) over(http2 bool, req *http.Request) (*http.Response, error) {
	if !http2 && t.plain.Takes(req) {
		return t.Transport.RoundTrip(req)
	}
	req = req.WithContext(traced(req.Context()))
	if http2 {
		return t.http2.RoundTrip(req)
	}
	return t.Transport.RoundTrip(req)
}

// wantsOtherVersion reports whether a request failed because of its version of HTTP: the
// server knows none that was offered (RFC 7301 section 3.2), has chosen HTTP/1.1, or
// refuses HTTP/2 for this request (RFC 9113 section 7). A server that names none may be an
// old one, or one that has only HTTP/2, as those of Go and Node.js can be. The errors of
// crypto/tls and net/http have no types.
func wantsOtherVersion(err error) bool {
	text := err.Error()
	return errors.Is(err, errHTTP1) || errors.Is(err, errUnnamed) || strings.Contains(text, "tls: no application protocol") || strings.Contains(text, "HTTP_1_1_REQUIRED")
}

// mayNeedSmallHello reports whether a request that failed may do better with a small
// ClientHello.
func (t *transport) mayNeedSmallHello(req *http.Request, err error) bool {
	return t.makeSmall != nil && phaseOf(req) == live.PhaseTLS && req.Context().Err() == nil &&
		t.hellos.worthTrying(req.URL.Host, err)
}

func phaseOf(req *http.Request) live.Phase { return trackerOf(req.Context()).Phase() }

// withSmallHello returns the transport with a small ClientHello.
func (t *transport) withSmallHello() *transport {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.small == nil {
		t.small = t.makeSmall()
	}
	return t.small
}

// newTransport returns a transport that uses no proxy.
func newTransport(o *downloader.Options, dial dialFunc) *transport {
	dial = reportPortShortage(dial)
	t := newVariant(o, dial, nil)
	t.makeSmall = func() *transport { return newVariant(o, dial, classicalCurves()) }
	return t
}

// newVariant returns a transport with other key exchanges; nil stands for the usual ones.
func newVariant(o *downloader.Options, dial dialFunc, curves []tls.CurveID) *transport {
	t := &transport{Transport: newHTTP(o, dial, curves), options: o}
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.TLSClientConfig.NextProtos = []string{"http/1.1"}
	t.plain = &http1.Transport{
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dial(traced(ctx), network, address)
		},
		DialTLS: func(ctx context.Context, network, address string) (*tls.Conn, error) {
			conn, err := dialTLS(traced(ctx), dial, t.Transport, network, address)
			if err == nil && t.http2 != nil && conn.ConnectionState().NegotiatedProtocol == "" && !t.older.has(address) {
				_ = conn.Close() // some small servers have one connection at a time
				return nil, errUnnamed
			}
			return conn, err
		},
		Asked: func(ctx context.Context) bool { return trackerOf(ctx).Unconnected() },
		Got: func(ctx context.Context, c net.Conn, reused bool) {
			trackerOf(ctx).Connected(c.RemoteAddr(), reused)
		},
		HeaderTimeout:  o.HeaderTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		IdleTimeout:    t.IdleConnTimeout,
		MaxIdle:        t.MaxIdleConns,
	}
	t.RegisterProtocol("http", t.plain)
	t.RegisterProtocol("https", t.plain)
	if o.HTTP1 {
		return t
	}
	t.http2 = newHTTP(o, dial, curves)
	t.http2.ForceAttemptHTTP2 = true // a custom dial function would turn it off
	t.http2.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialTLS(ctx, dial, t.http2, network, address)
		if err != nil {
			return nil, err
		}
		if proxyOf(ctx) == nil && conn.ConnectionState().NegotiatedProtocol != "h2" {
			t.older.add(address)
			t.plain.AddTLS(conn, address)
			return nil, errHTTP1
		}
		return conn, nil
	}
	return t
}

// newHTTP returns a transport of net/http.
func newHTTP(o *downloader.Options, dial dialFunc, curves []tls.CurveID) *http.Transport {
	t := &http.Transport{
		DialContext:            dial,
		TLSHandshakeTimeout:    o.ConnectTimeout,
		ResponseHeaderTimeout:  o.HeaderTimeout,
		MaxIdleConns:           4 * o.Workers,
		MaxIdleConnsPerHost:    o.Workers,
		MaxConnsPerHost:        o.Workers, // bounds the dials that a slow server leaves unfinished
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ReadBufferSize:         32 << 10, // one or two reads get a small image with its headers
		DisableCompression:     true,     // lengths and hashes must be those of the image
		TLSClientConfig:        tlsConfig(o),
		// A ping detects a connection that died without a sign: golang/go#36026.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
	t.TLSClientConfig.CurvePreferences = curves
	return t
}

// closeIdle closes the connections that are idle.
func (t *transport) closeIdle() {
	t.CloseIdleConnections()
	t.plain.CloseIdleConnections()
	if t.http2 != nil {
		t.http2.CloseIdleConnections()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.small != nil {
		t.small.closeIdle()
	}
}
