package route

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"grab/testserver/faults"
	"grab/testserver/picture"
	"grab/testserver/reply"
)

// maxID bounds the numbers of pictures.
const maxID = 1_000_000_000

// Request is what the answer to a request depends on.
type Request struct {
	Path   string // as sent, not unescaped
	Query  string
	URI    string // path and query
	Host   string
	Secure bool // came over TLS
	HTML   bool // the client is a browser, which prefers HTML
}

// Decision is how a request is answered.
type Decision struct {
	// Reply is the answer. If it is an image, its body and the fields that
	// depend on the body are still missing.
	Reply reply.Response

	Picture picture.Picture // the body, if Reply.Image
	URI     string          // of the picture, "" if it is the request's
	Fault   *faults.Chosen  // nil for none
}

// answer decides for an answer that is no image.
func answer(r reply.Response) Decision { return Decision{Reply: r} }

func badRequest(message string) Decision { return answer(reply.BadRequest(message)) }

// show decides for a picture.
func show(p picture.Picture) Decision {
	return Decision{
		Reply: reply.Response{
			Status: http.StatusOK,
			Fields: []reply.Field{reply.Header("Content-Type", p.Format.ContentType())},
			Image:  true,
		},
		Picture: p,
	}
}

func unknownFormat(ext string) Decision {
	if ext == "webp" {
		const message = "no WebP here: Go's standard library cannot encode it"
		return answer(reply.Text(http.StatusNotFound, message))
	}
	return answer(reply.NotFound())
}

// parameter returns a number from a query, or def if it is not there. It returns
// false if the parameter is not a number from low to high.
func parameter(query url.Values, key string, low, high, def int64) (int64, bool) {
	if !query.Has(key) {
		return def, true
	}
	n, ok := number(query.Get(key), high)
	return n, ok && n >= low
}

// number reads a decimal number from 0 to high: digits only, no sign.
func number(s string, high int64) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || n > uint64(high) {
		return 0, false
	}
	return int64(n), true
}

// splitExt splits "7.jpg" into "7" and "jpg".
func splitExt(name string) (stem, ext string) {
	stem, ext, _ = strings.Cut(name, ".")
	return stem, ext
}
