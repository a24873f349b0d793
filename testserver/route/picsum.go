package route

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"

	"grab/testserver/picture"
	"grab/testserver/reply"
)

const (
	picsumHost  = "picsum.photos"
	fastlyHost  = "fastly.picsum.photos"
	picsumSide  = 5000 // the largest width and height, in pixels
	picsumCount = 1000 // the number of pictures to list and to choose from

	defaultBlur = 5
	maxBlur     = 10
)

// identified answers /id/N/W/H with the picture if the request carries a
// signature, and with a redirect to the signed URI otherwise.
func identified(seed int64, r Request, n, w, h string) Decision {
	id, ok := number(n, maxID)
	if !ok {
		return answer(reply.NotFound())
	}
	return picsum(seed, r, id, w, h, true)
}

// picsum answers a request for a picture as picsum.photos does. The last of the
// two sizes may have an extension.
func picsum(seed int64, r Request, id int64, w, h string, mayShow bool) Decision {
	h, ext := splitExt(h)
	w, _ = splitExt(w)
	if !digits(w) || !digits(h) {
		return answer(reply.NotFound())
	}
	f, ok := picture.FormatOf(ext)
	if ext != "" && !ok {
		return unknownFormat(ext)
	}
	width, okW := number(w, picsumSide)
	height, okH := number(h, picsumSide)
	if !okW || !okH || width == 0 || height == 0 {
		return badRequest("Invalid size")
	}
	p := picture.Picture{ID: id, Format: f, Width: int(width), Height: int(height)}
	query, ok := adjust(&p, r.Query)
	if !ok {
		return badRequest("Invalid query")
	}
	if !mayShow || !query.Has("hmac") {
		return answer(reply.Redirect(origin(r) + signedURI(seed, p)))
	}
	if !hmac.Equal([]byte(query.Get("hmac")), []byte(signature(seed, p))) {
		return badRequest("Invalid hmac")
	}
	return show(p)
}

// adjust reads grayscale and blur from a raw query. It returns the query.
func adjust(p *picture.Picture, raw string) (url.Values, bool) {
	if raw == "" {
		return nil, true
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, false
	}
	p.Grayscale = query.Has("grayscale")
	if !query.Has("blur") {
		return query, true
	}
	if query.Get("blur") == "" {
		p.Blur = defaultBlur
		return query, true
	}
	blur, ok := parameter(query, "blur", 1, maxBlur, 0)
	p.Blur = int(blur)
	return query, ok
}

// signedURI returns the URI of a picture with its signature as the last parameter.
func signedURI(seed int64, p picture.Picture) string {
	uri := unsignedURI(p)
	if strings.Contains(uri, "?") {
		return uri + "&hmac=" + signature(seed, p)
	}
	return uri + "?hmac=" + signature(seed, p)
}

func unsignedURI(p picture.Picture) string {
	uri := "/id/" + strconv.FormatInt(p.ID, 10) + "/" + strconv.Itoa(p.Width) +
		"/" + strconv.Itoa(p.Height) + "." + p.Format.Ext()
	var options []string
	if p.Grayscale {
		options = append(options, "grayscale")
	}
	if p.Blur > 0 {
		options = append(options, "blur="+strconv.Itoa(p.Blur))
	}
	if len(options) == 0 {
		return uri
	}
	return uri + "?" + strings.Join(options, "&")
}

func signature(seed int64, p picture.Picture) string {
	mac := hmac.New(sha256.New, strconv.AppendInt(nil, seed, 10))
	mac.Write([]byte(unsignedURI(p)))
	return hex.EncodeToString(mac.Sum(nil))
}

// origin is what comes before the path in a redirect. picsum.photos redirects to
// another host; every other name redirects to itself.
func origin(r Request) string {
	switch {
	case !strings.EqualFold(r.Host, picsumHost):
		return ""
	case r.Secure:
		return "https://" + fastlyHost
	default:
		return "http://" + fastlyHost
	}
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
