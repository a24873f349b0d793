package identity

import (
	"context"
	"net/http"
	"slices"
)

type ownHeaderKey struct{}

// WithOwnHeader returns a context for the request of an image that has headers of its own. A
// redirect needs to know which those are.
func WithOwnHeader(ctx context.Context, h http.Header) context.Context {
	if len(h) == 0 {
		return ctx
	}
	return context.WithValue(ctx, ownHeaderKey{}, h)
}

func ownHeader(ctx context.Context) http.Header {
	h, _ := ctx.Value(ownHeaderKey{}).(http.Header)
	return h
}

// SetOwnHeader adds the headers of [WithOwnHeader] to a request, in place of those with the
// same names. The request's header is replaced, since all requests share it.
func SetOwnHeader(req *http.Request) {
	own := ownHeader(req.Context())
	if own == nil {
		return
	}
	req.Header = req.Header.Clone()
	for name, values := range own {
		req.Header[name] = slices.Clone(values)
	}
}
