package testserver

import (
	"fmt"
	"strconv"
	"strings"

	"grab/testserver/faults"
	"grab/testserver/picture"
	"grab/testserver/reply"
	"grab/testserver/route"
)

// ImageURL returns the URL of image i of a generated list of URLs, such as
// "http://grab.test/image/0.jpg". The host grab.test does not exist: a client has to
// connect to a Server's Addr for it.
func ImageURL(i int) string {
	return "http://grab.test/image/" + strconv.Itoa(i) + ".jpg"
}

// SizedImageURL returns the URL of image i in a size such as "1600x1200", in
// pixels.
func SizedImageURL(i int, size string) string {
	width, height, _ := strings.Cut(size, "x")
	if size == fmt.Sprintf("%dx%d", route.DefaultWidth, route.DefaultHeight) {
		return ImageURL(i)
	}
	return ImageURL(i) + "?w=" + width + "&h=" + height
}

// Image returns the bytes that a server with the given seed sends for a URL or a
// request URI such as "/image/7.jpg?bytes=36000", after any redirects. For the URI
// of a fault those are the bytes of the image without the fault. Each call paints
// the picture again, which takes milliseconds. Image fails if the answer is not an
// image.
func Image(uri string, seed int64) ([]byte, error) {
	d, err := route.New(seed, faults.NewCatalogue()).Final(uri)
	if err != nil {
		return nil, fmt.Errorf("testserver: %w", err)
	}
	if !d.Reply.Image {
		return nil, fmt.Errorf("testserver: %s is not an image: status %d", uri, d.Reply.Status)
	}
	parts, _, err := picture.NewMaker(seed).Make(d.Picture, d.URI)
	if err != nil {
		return nil, fmt.Errorf("testserver: %w", err)
	}
	return reply.NewBody(parts...).Bytes(), nil
}
