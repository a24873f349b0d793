package testserver

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxFollowed bounds the redirects that Image follows.
const maxFollowed = 2 * maxRedirects

// picture is an image as a request asks for it.
type picture struct {
	id            int64
	format        format
	width, height int
	grayscale     bool
	blur          int   // 0 (none) to 10
	bytes         int64 // size to pad to, 0: none
}

// base returns what decides how the picture looks. Neighbouring ids look
// different, whatever the seed.
func (p picture) base(seed int64) base {
	return base{
		format:    p.format,
		width:     p.width,
		height:    p.height,
		variant:   int((uint64(p.id) + mix(uint64(seed))) % variants),
		grayscale: p.grayscale,
		blur:      p.blur,
	}
}

// images makes the bytes of pictures.
type images struct {
	seed    int64
	cache   *cache
	padding padding
}

func newImages(seed int64) *images {
	return &images{seed: seed, cache: newCache(cacheLimit), padding: newPadding()}
}

// load returns the image that answers a request for uri, and its entity tag.
// A comment with the URI makes images different that look the same.
func (im *images) load(p picture, uri string) (body, string, error) {
	enc, err := im.cache.get(p.base(im.seed))
	if err != nil {
		return body{}, "", fmt.Errorf("encode %s: %w", uri, err)
	}
	comment := p.format.comment("grab testserver " + uri + "|" + strconv.FormatInt(im.seed, 10))
	head, tail := p.format.split(enc.data)
	parts := append(make([][]byte, 0, 5), head, comment)
	if extra := p.bytes - int64(len(enc.data)+len(comment)); extra >= p.format.minFiller() {
		parts = im.padding.appendTo(parts, p.format, extra)
	}
	b := newBody(append(parts, tail)...)
	return b, etag(enc.digest, comment, b.size), nil
}

// etag names the bytes of an image by what they are made of, which is much
// less to hash than the bytes and just as telling.
func etag(digest uint64, comment []byte, size int64) string {
	return fmt.Sprintf(`"%016x"`, mix(hashBytes(digest, comment)^mix(uint64(size))))
}

// ImageURL returns the URL of image i of a generated list of URLs, such as
// "http://grab.test/image/0.jpg". The name grab.test does not exist; a client
// has to connect to a Server's Addr for it.
func ImageURL(i int) string {
	return "http://grab.test/image/" + strconv.Itoa(i) + ".jpg"
}

// SizedImageURL returns the URL of image i of a size such as "1600x1200", in
// pixels.
func SizedImageURL(i int, size string) string {
	width, height, _ := strings.Cut(size, "x")
	if size == fmt.Sprintf("%dx%d", defaultWidth, defaultHeight) {
		return ImageURL(i)
	}
	return ImageURL(i) + "?w=" + width + "&h=" + height
}

// Image returns the bytes that a server with the given seed sends for a URL
// or a request URI such as "/image/7.jpg?bytes=36000", after any redirects.
// For the URI of a fault those are the bytes of the image without the fault. It
// paints the picture anew on each call, which takes milliseconds. It fails if
// the answer is not an image.
func Image(uri string, seed int64) ([]byte, error) {
	resp, err := newRouter(seed).final(uri)
	if err != nil {
		return nil, fmt.Errorf("testserver: %w", err)
	}
	if !resp.image {
		return nil, fmt.Errorf("testserver: %s is not an image: status %d", uri, resp.status)
	}
	b, _, err := newImages(seed).load(resp.picture, resp.uri)
	if err != nil {
		return nil, fmt.Errorf("testserver: %w", err)
	}
	return b.bytes(), nil
}

// final follows the redirects of a URI to the first answer that is none. A
// picture that it finds has a URI.
func (rt router) final(uri string) (response, error) {
	next := uri
	for range maxFollowed {
		u, err := url.Parse(next)
		if err != nil {
			return response{}, err
		}
		next = u.RequestURI()
		resp := rt.route(ask{path: u.EscapedPath(), query: u.RawQuery, uri: next})
		if resp.status != http.StatusFound {
			resp.uri = cmp.Or(resp.uri, next)
			return resp, nil
		}
		next = resp.get("Location")
	}
	return response{}, fmt.Errorf("%s: too many redirects", uri)
}
