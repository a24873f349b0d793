package testserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
)

const (
	picsumHost  = "picsum.photos"
	fastlyHost  = "fastly.picsum.photos"
	picsumSide  = 5000 // the largest width and height, in pixels
	picsumCount = 1000 // the pictures that lists and choices are made of

	defaultBlur = 5
	maxBlur     = 10
)

// choose answers /W/H with a redirect to a picture that the URI decides.
func (rt router) choose(a ask, w, h string) response {
	id := hash(rt.seed, a.uri, 0) % picsumCount
	return rt.picsum(a, int64(id), w, h, false)
}

// seeded answers /seed/NAME/W/H with a redirect to a picture that NAME
// decides.
func (rt router) seeded(a ask, name, w, h string) response {
	if name == "" {
		return notFound()
	}
	id := hash(rt.seed, name, 1) % picsumCount
	return rt.picsum(a, int64(id), w, h, false)
}

// identified answers /id/N/W/H with the picture if the request carries a
// signature, and with a redirect to the signed URI otherwise.
func (rt router) identified(a ask, n, w, h string) response {
	id, ok := number(n, maxID)
	if !ok {
		return notFound()
	}
	return rt.picsum(a, id, w, h, true)
}

// picsum answers a request for a picture as picsum.photos does. The last of
// the two sizes may have an extension.
func (rt router) picsum(a ask, id int64, w, h string, mayShow bool) response {
	h, ext := splitExt(h)
	w, _ = splitExt(w)
	if !digits(w) || !digits(h) {
		return notFound()
	}
	f, ok := formatOf(ext)
	if ext != "" && !ok {
		return unknownFormat(ext)
	}
	width, okW := number(w, picsumSide)
	height, okH := number(h, picsumSide)
	if !okW || !okH || width == 0 || height == 0 {
		return badRequest("Invalid size")
	}
	p := picture{id: id, format: f, width: int(width), height: int(height)}
	query, ok := p.adjust(a.query)
	if !ok {
		return badRequest("Invalid query")
	}
	if !mayShow || !query.Has("hmac") {
		return redirect(origin(a) + rt.signed(p))
	}
	if !hmac.Equal([]byte(query.Get("hmac")), []byte(rt.signature(p))) {
		return badRequest("Invalid hmac")
	}
	return show(p)
}

// adjust reads grayscale and blur from a raw query and returns the query.
func (p *picture) adjust(raw string) (url.Values, bool) {
	if raw == "" {
		return nil, true
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, false
	}
	p.grayscale = query.Has("grayscale")
	if !query.Has("blur") {
		return query, true
	}
	if query.Get("blur") == "" {
		p.blur = defaultBlur
		return query, true
	}
	blur, ok := parameter(query, "blur", 1, maxBlur, 0)
	p.blur = int(blur)
	return query, ok
}

// signed returns the URI of a picture with its signature last.
func (rt router) signed(p picture) string {
	uri := p.uri()
	if strings.Contains(uri, "?") {
		return uri + "&hmac=" + rt.signature(p)
	}
	return uri + "?hmac=" + rt.signature(p)
}

// uri is the URI of a picture without a signature.
func (p picture) uri() string {
	uri := "/id/" + strconv.FormatInt(p.id, 10) + "/" + strconv.Itoa(p.width) +
		"/" + strconv.Itoa(p.height) + "." + p.format.ext()
	var options []string
	if p.grayscale {
		options = append(options, "grayscale")
	}
	if p.blur > 0 {
		options = append(options, "blur="+strconv.Itoa(p.blur))
	}
	if len(options) == 0 {
		return uri
	}
	return uri + "?" + strings.Join(options, "&")
}

func (rt router) signature(p picture) string {
	mac := hmac.New(sha256.New, strconv.AppendInt(nil, rt.seed, 10))
	mac.Write([]byte(p.uri()))
	return hex.EncodeToString(mac.Sum(nil))
}

// origin is what comes before the path in a redirect: picsum.photos sends its
// visitors to another host, other names keep theirs.
func origin(a ask) string {
	switch {
	case !strings.EqualFold(a.host, picsumHost):
		return ""
	case a.secure:
		return "https://" + fastlyHost
	default:
		return "http://" + fastlyHost
	}
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
