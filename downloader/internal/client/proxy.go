package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"grab/downloader/internal/cause"
	"grab/downloader/internal/names"
	"grab/downloader/live"
)

// useProxy lets the transport use the proxy that a request's context names.
func (t *transport) useProxy() {
	for _, each := range []*http.Transport{t.Transport, t.http2} {
		if each != nil {
			each.Proxy = func(req *http.Request) (*url.URL, error) { return proxyOf(req.Context()), nil }
			each.OnProxyConnectResponse = refusedTunnel
		}
	}
	t.plain.Proxied = func(req *http.Request) bool { return proxyOf(req.Context()) != nil }
	if direct := t.makeSmall; direct != nil {
		t.makeSmall = func() *transport {
			small := direct()
			small.useProxy()
			return small
		}
	}
}

// throughProxy sends a request through a proxy. A failure before there is a
// connection to the image's host is the proxy's.
func throughProxy(t *transport, req *http.Request, proxy *url.URL) (*http.Response, error) {
	ctx := context.WithValue(req.Context(), proxyKey{}, proxy)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		// End the deadline of dialThroughProxy. On a broken connection, that fails
		// as the request soon will.
		_ = c.Conn.SetDeadline(time.Time{})
	}})
	resp, err := t.RoundTrip(req.WithContext(ctx))
	if err == nil {
		// Only proxies send this status: RFC 9110 section 15.5.8.
		if resp.StatusCode == http.StatusProxyAuthRequired {
			_ = resp.Body.Close()
			return nil, &cause.ProxyError{Proxy: proxy.Host, Err: cause.StatusError(resp.StatusCode)}
		}
		return resp, nil
	}
	if req.Context().Err() != nil || cause.IsShortage(err) {
		return nil, err
	}
	_, known := errors.AsType[*cause.ProxyError](err)
	tracker, tracked := req.Context().Value(trackerKey{}).(*live.Tracker)
	op, isOp := errors.AsType[*net.OpError](err)
	unconnected := isOp && op.Op == "proxyconnect" || tracked && tracker.Phase() <= live.PhaseConnect
	if !known && unconnected {
		err = &cause.ProxyError{Proxy: proxy.Host, Err: err}
	}
	return nil, err
}

// dialThroughProxy returns a function that connects to any address. A proxy gets
// as much time to answer a CONNECT as a connection and a handshake get. net/http
// would wait a minute.
func dialThroughProxy(r *names.Resolver, dialer *net.Dialer) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := r.Dial(ctx, dialer, network, address)
		if err == nil && proxyOf(ctx) != nil {
			err = conn.SetDeadline(time.Now().Add(2 * dialer.Timeout))
		}
		return conn, err
	}
}

// refusedTunnel returns why a proxy does not open a tunnel. Without it, net/http
// would report only the text of the status.
func refusedTunnel(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &cause.ProxyError{Proxy: proxy.Host, Err: cause.StatusError(resp.StatusCode)}
}
