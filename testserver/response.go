package testserver

import (
	"net/http"
	"strconv"
	"time"
)

// ask is what the answer to a request depends on.
type ask struct {
	path   string // as sent, not unescaped
	query  string
	uri    string // path and query
	host   string
	secure bool // came over TLS
}

// response is a decision about a request, complete but for the bytes of an
// image, which are made only after the request is in the ledger.
type response struct {
	status int
	fields []field
	body   body

	image   bool // the body is picture
	picture picture
	uri     string // of the picture, "" if it is the request's
	plot    *plot  // what is to go wrong, nil for nothing

	delay time.Duration // from the arrival of the request to the first byte
	pace  int64         // bytes of the body a second, 0: no limit
}

// field is one line of a header, its key in canonical form.
type field struct{ key, value string }

// get returns the value of a header field, or "".
func (r response) get(key string) string {
	for _, f := range r.fields {
		if f.key == key {
			return f.value
		}
	}
	return ""
}

// text answers with a line of plain text.
func text(status int, message string) response {
	return content(status, "text/plain; charset=utf-8", []byte(message+"\n"))
}

func content(status int, contentType string, data []byte) response {
	return response{
		status: status,
		fields: []field{
			{"Content-Type", contentType},
			{"Content-Length", strconv.Itoa(len(data))},
			{"X-Content-Type-Options", "nosniff"},
		},
		body: newBody(data),
	}
}

func redirect(location string) response {
	r := text(http.StatusFound, "Found: "+location)
	r.fields = append(r.fields, field{"Location", location})
	return r
}

func show(p picture) response {
	return response{
		status:  http.StatusOK,
		fields:  []field{{"Content-Type", p.format.contentType()}},
		image:   true,
		picture: p,
	}
}

func notFound() response {
	return text(http.StatusNotFound, "not found")
}

func badRequest(message string) response {
	return text(http.StatusBadRequest, message)
}

func notAllowed(allowed string) response {
	r := text(http.StatusMethodNotAllowed, "only "+allowed)
	r.fields = append(r.fields, field{"Allow", allowed})
	return r
}
