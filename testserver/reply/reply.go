// Package reply describes answers to HTTP requests, apart from how they are sent.
package reply

import (
	"net/http"
	"slices"
	"strconv"
)

// Response is an answer to a request.
type Response struct {
	Status int
	Fields []Field
	Body   Body

	// Image says that the body is an image, without a Content-Length field yet.
	// Requests for a range and conditional requests apply to it.
	Image bool

	// Pace limits the bytes of the body a second. Zero is no limit.
	Pace int64
}

// Field is one line of a header. Its key is in canonical form.
type Field struct{ Key, Value string }

// Header returns a field.
func Header(key, value string) Field { return Field{Key: key, Value: value} }

// ContentLength returns the field for a body of n bytes.
func ContentLength(n int64) Field { return Header("Content-Length", strconv.FormatInt(n, 10)) }

// Get returns the value of a header field, or "".
func (r Response) Get(key string) string {
	for _, f := range r.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return ""
}

// Sized returns fields with the length of b as their only Content-Length.
func Sized(fields []Field, b Body) []Field {
	length := ContentLength(b.Size)
	others := slices.DeleteFunc(slices.Clone(fields), func(f Field) bool {
		return f.Key == length.Key
	})
	return append(others, length)
}

// Text answers with a line of plain text.
func Text(status int, message string) Response {
	return Content(status, "text/plain; charset=utf-8", []byte(message+"\n"))
}

// Content answers with data of a content type.
func Content(status int, contentType string, data []byte) Response {
	return Response{
		Status: status,
		Fields: []Field{
			{"Content-Type", contentType},
			ContentLength(int64(len(data))),
			{"X-Content-Type-Options", "nosniff"},
		},
		Body: NewBody(data),
	}
}

// HTML answers with a page.
func HTML(page string) Response {
	return Content(http.StatusOK, "text/html; charset=utf-8", []byte(page+"\n"))
}

// Redirect answers with 302 to a location.
func Redirect(location string) Response {
	r := Text(http.StatusFound, "Found: "+location)
	r.Fields = append(r.Fields, Field{"Location", location})
	return r
}

// NotFound answers with 404.
func NotFound() Response {
	return Text(http.StatusNotFound, "not found")
}

// BadRequest answers with 400.
func BadRequest(message string) Response {
	return Text(http.StatusBadRequest, message)
}

// NotAllowed answers with 405. The argument is the list of methods that are
// allowed, as in the Allow field.
func NotAllowed(allowed string) Response {
	r := Text(http.StatusMethodNotAllowed, "only "+allowed)
	r.Fields = append(r.Fields, Field{"Allow", allowed})
	return r
}
