package client

import (
	"errors"
	"net/http"

	"grab/downloader"
	"grab/downloader/internal/http1"
)

// Used reports whether a response came over HTTP/1.1 on a connection that has carried
// other requests before. HTTP/1.1 has no mark that says which request a response
// belongs to: the order says it (RFC 9112 section 9.2). A surprising response may
// belong to another request then. reused is what the request's tracker says. What goes
// through a proxy is left to net/http, which cannot be asked for a new connection.
func Used(resp *http.Response, reused bool) bool {
	return reused && resp.ProtoMajor == 1 && proxyOf(resp.Request.Context()) == nil
}

// Doubtful reports whether a response on a used connection is worth the same request
// on a new one: it is not an image, and the server does not ask for patience.
func Doubtful(err error) bool {
	if errors.Is(err, http1.ErrSurplus) {
		return true
	}
	own, ok := errors.AsType[*downloader.Error](err)
	if !ok || own.RetryAfter > 0 {
		return false
	}
	switch own.Class {
	case downloader.ClassHTTP4xx, downloader.ClassEmpty, downloader.ClassNotImage, downloader.ClassProtocol,
		downloader.ClassRangeMismatch, downloader.ClassEncoding:
		return true
	}
	return false
}

// Surplus reports whether err says that a response may belong to another request.
func Surplus(err error) bool { return errors.Is(err, http1.ErrSurplus) }

// Break closes a response's body, and its connection as well.
func Break(resp *http.Response) {
	if watched, ok := resp.Body.(*watchedBody); ok {
		if own, ok := watched.ReadCloser.(interface{ Break() }); ok {
			own.Break()
		}
	}
	_ = resp.Body.Close()
}
