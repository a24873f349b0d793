package route

import (
	"net/url"

	"grab/testserver/picture"
	"grab/testserver/reply"
)

// The size of /image/N.jpg, in pixels.
const (
	DefaultWidth  = 200
	DefaultHeight = 300
)

const (
	maxSide   = 65535      // pixels, the most that a JPEG or a GIF can have
	maxPixels = 25_000_000 // in one image
	maxBytes  = 1 << 30    // of one image, padded
)

// image answers /image/NAME, where NAME is a number and an extension.
func image(r Request, name string) Decision {
	stem, ext := splitExt(name)
	id, ok := number(stem, maxID)
	if !ok || ext == "" {
		return answer(reply.NotFound())
	}
	f, ok := picture.FormatOf(ext)
	if !ok {
		return unknownFormat(ext)
	}
	p := picture.Picture{ID: id, Format: f, Width: DefaultWidth, Height: DefaultHeight}
	if r.Query == "" {
		return show(p)
	}
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return badRequest("invalid query")
	}
	w, okW := parameter(query, "w", 1, maxSide, DefaultWidth)
	h, okH := parameter(query, "h", 1, maxSide, DefaultHeight)
	size, okBytes := parameter(query, "bytes", 0, maxBytes, 0)
	if !okW || !okH || w*h > maxPixels {
		return badRequest("invalid size")
	}
	if !okBytes {
		return badRequest("invalid bytes")
	}
	p.Width, p.Height, p.Bytes = int(w), int(h), size
	return show(p)
}
