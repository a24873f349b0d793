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

// transport sends requests. Package http1 gets them, unless they go through a proxy or
// over HTTP/2, which net/http speaks.
type transport struct {
	*http.Transport
	plain   *http1.Transport
	options *downloader.Options
	hellos  smallHellos

	older *transport // without HTTP/2; nil: this one has none
	hosts hostSet    // hosts of https URLs that older is for

	makeSmall func() *transport // nil: this one has a small ClientHello already
	mu        sync.Mutex        // guards small
	small     *transport        // without a key share of ML-KEM; made when the first host needs it
}

// errHTTP1 is the error of a dial whose server has chosen HTTP/1.1. The connection is
// not lost: the transport without HTTP/2 has it.
var errHTTP1 = errors.New("the server speaks HTTP/1.1")

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

// send sends a request. Until a host is known to speak HTTP/1.1 only, net/http dials it
// and offers HTTP/2. If a server refuses HTTP/2 for a request (RFC 9113 section 7), send
// sends the request again over HTTP/1.1, which net/http does not do.
func (t *transport) send(req *http.Request) (*http.Response, error) {
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
	return t.older.send(req)
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
	all := &transport{Transport: t, plain: plain, options: o}
	if o.HTTP1 {
		plain.DialTLS = func(ctx context.Context, network, address string) (*tls.Conn, error) {
			return dialTLS(traced(ctx), dial, t, network, address)
		}
		t.RegisterProtocol("https", plain)
		return all
	}
	only := *o
	only.HTTP1 = true
	all.older = newVariant(&only, dial, curves)
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
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.small != nil {
		t.small.closeIdle()
	}
}
