package client

import (
	"context"
	"net/url"
)

// proxyKey is the context key of the proxy that a request goes through.
type proxyKey struct{}

// proxyOf returns the proxy that a request goes through, by the request's context,
// or nil.
func proxyOf(ctx context.Context) *url.URL {
	proxy, _ := ctx.Value(proxyKey{}).(*url.URL)
	return proxy
}
