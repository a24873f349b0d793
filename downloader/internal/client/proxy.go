package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"grab/downloader/live"
)

// errNoProxy stands for a proxy in the environment that is no URL. What it is may
// hold a password. Asking without it would be worse than not asking.
var errNoProxy = errors.New("HTTP_PROXY or HTTPS_PROXY names no proxy that can be used")

// proxyOf returns the proxy that the environment names for a request, or nil. A
// name that is no URL net/http would pass over, or take for another.
func ProxyOf(req *http.Request) (*url.URL, error) {
	names := []string{"HTTP_PROXY", "http_proxy"}
	if req.URL.Scheme == "https" {
		names = []string{"HTTPS_PROXY", "https_proxy"}
	}
	for _, name := range names {
		if value := os.Getenv(name); value != "" && !usableProxy(value) {
			return nil, errNoProxy
		}
	}
	return http.ProxyFromEnvironment(req)
}

func usableProxy(value string) bool {
	if !strings.Contains(value, "://") {
		value = "http://" + value
	}
	u, err := url.Parse(value)
	return err == nil && u.Host != "" && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}

// proxyError is a failure of a proxy, or its refusal. It says which: the host of
// the image was never asked.
type proxyError struct {
	proxy string // host and port, no password
	err   error
}

func (e *proxyError) Error() string { return fmt.Sprintf("proxy %s: %v", e.proxy, e.err) }

// Unwrap returns the cause.
func (e *proxyError) Unwrap() error { return e.err }

// tunnelKey is the context key of a request through a proxy.
type tunnelKey struct{}

// throughProxy sends a request by its proxy. Of what fails, all up to the
// connection with the image's host is the proxy's fault.
func (b *border) throughProxy(req *http.Request, proxy *url.URL) (*http.Response, error) {
	ctx := context.WithValue(req.Context(), tunnelKey{}, proxy.Host)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		_ = c.Conn.SetDeadline(time.Time{}) // of dialOpen; a connection that is broken says so soon
	}})
	resp, err := b.open.RoundTrip(req.WithContext(ctx))
	if err == nil {
		if resp.StatusCode == http.StatusProxyAuthRequired { // which no other server says: RFC 9110 section 15.5.8
			resp.Body.Close()
			return nil, &proxyError{proxy.Host, StatusError(resp.StatusCode)}
		}
		return resp, nil
	}
	if req.Context().Err() != nil || Scarce(err) {
		return nil, err
	}
	_, known := errors.AsType[*proxyError](err)
	t, tracked := req.Context().Value(trackerKey{}).(*live.Tracker)
	if op, ok := errors.AsType[*net.OpError](err); !known && (ok && op.Op == "proxyconnect" || tracked && t.Phase() <= live.PhaseConnect) {
		err = &proxyError{proxy.Host, err}
	}
	return nil, err
}

// dialOpen connects to any address. net/http waits a minute for a proxy's answer to
// CONNECT: here it has the time of a connection and a handshake.
func (b *border) dialOpen(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := b.dialer.DialContext(ctx, network, address)
	if err == nil && ctx.Value(tunnelKey{}) != nil {
		err = conn.SetDeadline(time.Now().Add(2 * b.dialer.Timeout))
	}
	return conn, err
}

// refusedTunnel tells why a proxy opens no tunnel; net/http keeps the words only.
func refusedTunnel(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy.Host, StatusError(resp.StatusCode)}
}
