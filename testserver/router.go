package testserver

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	maxRedirects = 1000
	maxID        = 1_000_000_000
	maxSide      = 65535      // pixels, as much as a JPEG or a GIF can have
	maxPixels    = 25_000_000 // in one image
	maxBytes     = 1 << 30    // of one image, padded

	defaultWidth  = 200
	defaultHeight = 300
)

const help = `grab's image server

/W/H                    a picture of W x H pixels, by way of a redirect
/S                      a square one
/id/N/W/H               picture N
/seed/NAME/W/H          the picture chosen by NAME
                        each with .jpg, .png or .gif, ?grayscale and ?blur=1..10
/v2/list?page=&limit=   a list of pictures
/image/N.jpg            picture N (.jpg, .png, .gif; ?w= &h= &bytes=) with no redirect
/redirect/N             N redirects and a picture
/status/CODE            a status from 200 to 599
/as/NAME?of=/image/N.jpg  an image by another name
/fault/NAME/image/N.jpg   an image and a fault, as a01-short; these are the names:
/ledger                 what was asked for and answered, as JSON
/reset                  (POST) empties the ledger
/ca.pem                 the certificate authority of the https side`

// router decides about requests. It depends on nothing but its seed.
type router struct {
	seed   int64
	faults catalogue
}

func newRouter(seed int64) router {
	return router{seed: seed, faults: newCatalogue()}
}

func (rt router) route(a ask) response {
	seg := strings.Split(strings.TrimPrefix(a.path, "/"), "/")
	switch {
	case seg[0] == "fault" && len(seg) > 2:
		return rt.fault(a, seg[1])
	case seg[0] == "as" && len(seg) > 1:
		return rt.as(a)
	case len(seg) == 1 && seg[0] == "":
		return text(http.StatusOK, help+"\n\n"+rt.faults.help())
	case len(seg) == 1:
		return rt.choose(a, seg[0], seg[0])
	case len(seg) == 2 && seg[0] == "image":
		return rt.image(a, seg[1])
	case len(seg) == 2 && seg[0] == "status":
		return rt.status(seg[1])
	case len(seg) == 2 && seg[0] == "redirect":
		return rt.redirect(seg[1])
	case a.path == "/v2/list":
		return rt.list(a)
	case len(seg) == 2:
		return rt.choose(a, seg[0], seg[1])
	case len(seg) == 4 && seg[0] == "id":
		return rt.identified(a, seg[1], seg[2], seg[3])
	case len(seg) == 4 && seg[0] == "seed":
		return rt.seeded(a, seg[1], seg[2], seg[3])
	}
	return notFound()
}

// image answers /image/NAME, where NAME is a number and an extension.
func (rt router) image(a ask, name string) response {
	stem, ext := splitExt(name)
	id, ok := number(stem, maxID)
	if !ok || ext == "" {
		return notFound()
	}
	f, ok := formatOf(ext)
	if !ok {
		return unknownFormat(ext)
	}
	p := picture{id: id, format: f, width: defaultWidth, height: defaultHeight}
	if a.query == "" {
		return show(p)
	}
	query, err := url.ParseQuery(a.query)
	if err != nil {
		return badRequest("invalid query")
	}
	w, okW := parameter(query, "w", 1, maxSide, defaultWidth)
	h, okH := parameter(query, "h", 1, maxSide, defaultHeight)
	size, okBytes := parameter(query, "bytes", 0, maxBytes, 0)
	if !okW || !okH || w*h > maxPixels {
		return badRequest("invalid size")
	}
	if !okBytes {
		return badRequest("invalid bytes")
	}
	p.width, p.height, p.bytes = int(w), int(h), size
	return show(p)
}

func (rt router) status(code string) response {
	status, ok := number(code, 599)
	if !ok || status < 200 {
		return badRequest("status must be from 200 to 599")
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return response{status: int(status)} // may not have a body
	}
	return text(int(status), strings.TrimSpace(code+" "+http.StatusText(int(status))))
}

func (rt router) redirect(count string) response {
	n, ok := number(count, maxRedirects)
	switch {
	case !ok:
		return badRequest("redirects must be from 0 to " + strconv.Itoa(maxRedirects))
	case n > 0:
		return redirect("/redirect/" + strconv.FormatInt(n-1, 10))
	}
	return show(picture{width: defaultWidth, height: defaultHeight})
}

// as answers /as/ANYTHING?of=URI with the image of that URI, for redirects to
// names that no image has.
func (rt router) as(a ask) response {
	query, err := url.ParseQuery(a.query)
	if err != nil || !strings.HasPrefix(query.Get("of"), "/image/") {
		return notFound()
	}
	resp, err := rt.final(query.Get("of"))
	if err != nil {
		return notFound()
	}
	return resp
}

// parameter returns a number from a query, or def if it is not there; false
// if it is not a number from low to high.
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

func unknownFormat(ext string) response {
	if ext == "webp" {
		return text(http.StatusNotFound, "no WebP here: Go's standard library cannot encode it")
	}
	return notFound()
}
