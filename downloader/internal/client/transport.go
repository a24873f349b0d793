package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"grab/downloader"
	"grab/downloader/internal/http1"
)

// maxHeaderBytes limits the headers of one response.
const maxHeaderBytes = 256 << 10

// transport sends requests. Package http1 gets them, unless they go through a proxy or
// over HTTP/2, which net/http speaks.
type transport struct {
	*http.Transport
	plain *http1.Transport

	older *transport // without HTTP/2; nil: this one has none
	hosts hostSet    // hosts of https URLs that older is for
}

// errHTTP1 is the error of a dial whose server has chosen HTTP/1.1. The connection is
// not lost: the transport without HTTP/2 has it.
var errHTTP1 = errors.New("the server speaks HTTP/1.1")

// RoundTrip implements [http.RoundTripper]. Until a host is known to speak HTTP/1.1
// only, net/http dials it and offers HTTP/2. If a server refuses HTTP/2 for a request
// (RFC 9113 section 7), RoundTrip sends the request again over HTTP/1.1, which net/http
// does not do.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.plain.Takes(req) {
		return t.Transport.RoundTrip(req)
	}
	if t.older == nil || !t.hosts.has(req.URL.Host) {
		resp, err := t.Transport.RoundTrip(req.WithContext(traced(req.Context())))
		if err == nil || t.older == nil || !errors.Is(err, errHTTP1) && !strings.Contains(err.Error(), "HTTP_1_1_REQUIRED") {
			return resp, err
		}
		t.hosts.add(req.URL.Host)
	}
	return t.older.RoundTrip(req)
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
		Asked: func(ctx context.Context) bool { return trackerOf(ctx).Unconnected() },
		Got: func(ctx context.Context, c net.Conn, reused bool) {
			trackerOf(ctx).Connected(c.RemoteAddr(), reused)
		},
		HeaderTimeout:  o.HeaderTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		IdleTimeout:    t.IdleConnTimeout,
		MaxIdle:        t.MaxIdleConns,
	}
	t.RegisterProtocol("http", plain)
	all := &transport{Transport: t, plain: plain}
	if o.HTTP1 {
		plain.DialTLS = func(ctx context.Context, network, address string) (*tls.Conn, error) {
			return dialTLS(traced(ctx), dial, t, network, address)
		}
		t.RegisterProtocol("https", plain)
		return all
	}
	only := *o
	only.HTTP1 = true
	all.older = newTransport(&only, dial)
	t.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialTLS(ctx, dial, t, network, address)
		if err != nil {
			return nil, err
		}
		if proxyOf(ctx) == nil && conn.ConnectionState().NegotiatedProtocol != "h2" {
			all.older.plain.AddTLS(conn, address)
			return nil, errHTTP1
		}
		return conn, nil
	}
	return all
}

// closeIdle closes the connections that are idle.
func (t *transport) closeIdle() {
	t.CloseIdleConnections()
	t.plain.CloseIdleConnections()
	if t.older != nil {
		t.older.closeIdle()
	}
}
