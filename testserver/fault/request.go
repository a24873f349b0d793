package fault

import (
	"net"
	"net/http"
	"strconv"
	"strings"

	"grab/testserver/reply"
)

// Request is a request whose answer has a fault.
type Request struct {
	Params
	HTTP  *http.Request
	Path  string         // path and query, as requested
	Whole reply.Response // the answer without the fault
	URI   string         // of the image, without the fault
	Nth   int            // number of earlier requests for the same URI

	// Other returns the answer for another URI, 404 if that is no image.
	Other func(uri string) reply.Response

	// Count counts the calls with a key. It returns the number of earlier ones.
	Count func(key string) int
}

// Data returns the bytes of the image.
func (r *Request) Data() []byte { return r.Whole.Body.Bytes() }

// Cut returns where a body ends too early: after "at" bytes, or half of them.
func (r *Request) Cut() int {
	size := int(r.Whole.Body.Size)
	return min(r.Number("at", size/2), size)
}

// Fields returns the header of the whole answer, without its length.
func (r *Request) Fields(more ...reply.Field) []reply.Field {
	return append(append([]reply.Field{}, r.Whole.Fields...), more...)
}

// Reply returns an answer with the header of the image and any body. Requests for
// a range do not apply to it.
func (r *Request) Reply(status int, b reply.Body, more ...reply.Field) reply.Response {
	fields := r.Fields(append(more, reply.ContentLength(b.Size))...)
	return reply.Response{Status: status, Fields: fields, Body: b}
}

// Version returns the image after k changes: the one whose URI has v=K as a
// further parameter. Version 0 is the image itself.
func (r *Request) Version(k int) reply.Response {
	if k == 0 {
		return r.Whole
	}
	return r.Other(WithQuery(r.URI, "v="+strconv.Itoa(k)))
}

// WithQuery adds a parameter to a URI.
func WithQuery(uri, pair string) string {
	if strings.Contains(uri, "?") {
		return uri + "&" + pair
	}
	return uri + "?" + pair
}

// Hostname returns a host without its port.
func Hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
