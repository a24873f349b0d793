package client

import "net/http"

// Used reports whether a response came over HTTP/1.1 on a connection that has carried
// other requests before. HTTP/1.1 has no mark that says which request a response
// belongs to: the order says it (RFC 9112 section 9.2). A surprising response may
// belong to another request then. reused is what the request's tracker says. What goes
// through a proxy is left to net/http, which cannot be asked for a new connection.
func Used(resp *http.Response, reused bool) bool {
	return reused && resp.ProtoMajor == 1 && proxyOf(resp.Request.Context()) == nil
}

// Break closes a response's body, and its connection as well.
func Break(resp *http.Response) {
	if watched, ok := resp.Body.(*watchedBody); ok {
		if own, ok := watched.ReadCloser.(interface{ Break() }); ok {
			own.Break()
		}
	}
	_ = resp.Body.Close()
}
