package route

import (
	"net/http"
	"net/url"
	"testing"

	"grab/testserver/faults"
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
		rt := New(seed, faults.NewCatalogue())
		for range maxFollowed {
			d := rt.Route(Request{Path: u.EscapedPath(), Query: u.RawQuery, URI: u.RequestURI(), Host: u.Host})
			r := d.Reply
			if r.Status < 200 || r.Status > 599 {
				t.Fatalf("%s: status %d", u, r.Status)
			}
			if p := d.Picture; r.Image && (p.Width < 1 || p.Height < 1 || p.Width*p.Height > maxPixels || p.Blur > maxBlur) {
				t.Fatalf("%s: picture %+v", u, p)
			}
			location := r.Get("Location")
			if r.Status != http.StatusFound || location == "" {
				return
			}
			if u, err = u.Parse(location); err != nil {
				t.Fatalf("Location %q: %v", location, err)
			}
		}
		t.Fatalf("%s: too many redirects", uri)
	})
}
