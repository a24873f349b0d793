package testserver

import (
	"net/http"
	"net/url"
	"testing"
)

func FuzzRoute(f *testing.F) {
	for _, uri := range []string{
		"/", "", "/200/300", "/200.png", "/id/3/200/300.jpg?grayscale&blur=2&hmac=ab",
		"/seed/a%2Fb/1/2.gif?blur", "/v2/list?page=2&limit=3", "/image/3.gif?w=3&h=4&bytes=5",
		"/status/404", "/redirect/2", "//x", "/id/-1/1/1", "/200/300.webp", "http://h/1/1?%",
	} {
		f.Add(uri, int64(1))
	}
	f.Fuzz(func(t *testing.T, uri string, seed int64) {
		u, err := url.Parse(uri)
		if err != nil {
			t.Skip()
		}
		rt := newRouter(seed)
		for range maxFollowed {
			r := rt.route(ask{path: u.EscapedPath(), query: u.RawQuery, uri: u.RequestURI(), host: u.Host})
			if r.status < 200 || r.status > 599 {
				t.Fatalf("%s: status %d", u, r.status)
			}
			if p := r.picture; r.image && (p.width < 1 || p.height < 1 || p.width*p.height > maxPixels || p.blur > maxBlur) {
				t.Fatalf("%s: picture %+v", u, p)
			}
			location := r.get("Location")
			if r.status != http.StatusFound || location == "" {
				return
			}
			if u, err = u.Parse(location); err != nil {
				t.Fatalf("Location %q: %v", location, err)
			}
		}
		t.Fatalf("%s: too many redirects", uri)
	})
}
