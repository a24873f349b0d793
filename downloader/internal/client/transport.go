package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/http1"
)

// maxHeaderBytes limits the headers of one response.
const maxHeaderBytes = 256 << 10

// transport sends requests. It leaves https requests and requests through a proxy
// to net/http, and all others to package http1.
type transport struct {
	*http.Transport
	plain *http1.Transport

	mu           sync.Mutex
	http1Only    *transport // without HTTP/2; nil: not needed yet
	newHTTP1Only func() *transport
}

// RoundTrip implements [http.RoundTripper]. If a server refuses HTTP/2 for a
// request (RFC 9113 section 7), RoundTrip sends the request again over HTTP/1.1.
// net/http does not do that.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.plain.Takes(req) {
		req = req.WithContext(traced(req.Context()))
	}
	resp, err := t.Transport.RoundTrip(req)
	if err == nil || !strings.Contains(err.Error(), "HTTP_1_1_REQUIRED") {
		return resp, err
	}
	t.mu.Lock()
	if t.http1Only == nil {
		t.http1Only = t.newHTTP1Only()
		t.http1Only.Proxy, t.http1Only.OnProxyConnectResponse = t.Proxy, t.OnProxyConnectResponse
	}
	http1Only := t.http1Only
	t.mu.Unlock()
	return http1Only.Transport.RoundTrip(req)
}

// newTransport returns a transport that uses no proxy.
func newTransport(o *downloader.Options, dial dialFunc) *transport {
	dial = reportPortShortage(dial)
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
		TLSClientConfig: &tls.Config{
			ClientSessionCache: tls.NewLRUClientSessionCache(4096),
			InsecureSkipVerify: o.Insecure,
		},
		// A ping detects a connection that died without a sign: golang/go#36026.
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
	return &transport{Transport: t, plain: plain, newHTTP1Only: func() *transport {
		only := *o
		only.HTTP1 = true
		return newTransport(&only, dial)
	}}
}

// closeIdle closes the connections that are idle.
func (t *transport) closeIdle() {
	t.CloseIdleConnections()
	t.plain.CloseIdleConnections()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.http1Only != nil {
		t.http1Only.closeIdle()
	}
}
