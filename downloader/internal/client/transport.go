package client

import (
	"context"
	"crypto/tls"
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

// transport sends requests. It leaves https requests and requests through a proxy
// to net/http, and all others to package http1.
type transport struct {
	*http.Transport
	plain   *http1.Transport
	options *downloader.Options
	hellos  smallHellos

	mu         sync.Mutex // guards the variants
	http1Only  variant    // without HTTP/2
	smallHello variant    // without a key share of ML-KEM
}

// RoundTrip implements [http.RoundTripper]. If a server refuses HTTP/2 for a
// request (RFC 9113 section 7), RoundTrip sends the request again over HTTP/1.1.
// net/http does not do that. If a server may have dropped the ClientHello, RoundTrip
// sends the request again with a small one: see smallHellos.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.plain.Takes(req) {
		return t.Transport.RoundTrip(req)
	}
	if t.hellos.need(req.URL.Host) {
		return t.with(&t.smallHello).RoundTrip(req)
	}
	req = req.WithContext(traced(req.Context()))
	resp, err := t.Transport.RoundTrip(req)
	if err == nil {
		return resp, nil
	}
	if t.mayNeedSmallHello(req, err) {
		resp, err = t.with(&t.smallHello).RoundTrip(req)
		if phase := phaseOf(req); err == nil || phase >= live.PhaseTLS { // before it, there was no ClientHello
			t.hellos.note(req.URL.Host, err == nil || phase > live.PhaseTLS)
		}
		return resp, err
	}
	if strings.Contains(err.Error(), "HTTP_1_1_REQUIRED") {
		return t.with(&t.http1Only).Transport.RoundTrip(req)
	}
	return nil, explainTLS(err, t.options)
}

// mayNeedSmallHello reports whether a request that failed may do better with a small
// ClientHello.
func (t *transport) mayNeedSmallHello(req *http.Request, err error) bool {
	return t.smallHello.make != nil && phaseOf(req) == live.PhaseTLS && req.Context().Err() == nil &&
		t.hellos.worthTrying(req.URL.Host, err)
}

func phaseOf(req *http.Request) live.Phase { return trackerOf(req.Context()).Phase() }

// variant is another transport for those hosts that need one. It is made when the first
// of them comes.
type variant struct {
	*transport
	make func() *transport
}

// with returns a variant of t, which reaches hosts as t does.
func (t *transport) with(v *variant) *transport {
	t.mu.Lock()
	defer t.mu.Unlock()
	if v.transport == nil {
		v.transport = v.make()
		v.Proxy, v.OnProxyConnectResponse, v.plain.Proxied = t.Proxy, t.OnProxyConnectResponse, t.plain.Proxied
	}
	return v.transport
}

// newTransport returns a transport that uses no proxy.
func newTransport(o *downloader.Options, dial dialFunc) *transport {
	dial = reportPortShortage(dial)
	t := newVariant(o, dial, nil)
	t.smallHello.make = func() *transport { return newVariant(o, dial, classicalCurves()) }
	return t
}

// newVariant returns a transport with other key exchanges; nil stands for the usual ones.
func newVariant(o *downloader.Options, dial dialFunc, curves []tls.CurveID) *transport {
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
		ForceAttemptHTTP2:      true,     // a custom dial function would turn HTTP/2 off
		TLSClientConfig:        tlsConfig(o),
		// A ping detects a connection that died without a sign: golang/go#36026.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
	t.TLSClientConfig.CurvePreferences = curves
	if o.HTTP1 {
		t.Protocols = new(http.Protocols)
		t.Protocols.SetHTTP1(true)
	}
	plain := &http1.Transport{
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dial(traced(ctx), network, address)
		},
		Asked: func(ctx context.Context) { trackerOf(ctx).Unconnected() },
		Got: func(ctx context.Context, c net.Conn, reused bool) {
			trackerOf(ctx).Connected(c.RemoteAddr(), reused)
		},
		HeaderTimeout:  o.HeaderTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		IdleTimeout:    t.IdleConnTimeout,
		MaxIdle:        t.MaxIdleConns,
	}
	t.RegisterProtocol("http", plain)
	withoutHTTP2 := func() *transport {
		only := *o
		only.HTTP1 = true
		return newVariant(&only, dial, curves)
	}
	return &transport{Transport: t, plain: plain, options: o, http1Only: variant{make: withoutHTTP2}}
}

// closeIdle closes the connections that are idle.
func (t *transport) closeIdle() {
	t.CloseIdleConnections()
	t.plain.CloseIdleConnections()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, v := range []variant{t.http1Only, t.smallHello} {
		if v.transport != nil {
			v.closeIdle()
		}
	}
}
