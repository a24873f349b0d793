package route

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"grab/testserver/faults"
)

// answered returns what a router decides about a URL, as text.
func answered(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	d := New(5, faults.NewCatalogue()).Route(Request{
		Path: u.EscapedPath(), Query: u.RawQuery, URI: u.RequestURI(), Host: u.Host, Secure: u.Scheme == "https", HTML: strings.HasSuffix(u.RawQuery, "html"),
	})
	text := fmt.Sprint(d.Reply.Status)
	switch location := d.Reply.Get("Location"); {
	case d.Reply.Image:
		p := d.Picture
		text += fmt.Sprintf(" %s, %d of %dx%d", d.Reply.Get("Content-Type"), p.ID, p.Width, p.Height)
		if p.Grayscale || p.Blur > 0 || p.Bytes > 0 {
			text += fmt.Sprintf(", grey %v, blur %d, %d bytes", p.Grayscale, p.Blur, p.Bytes)
		}
	case location != "":
		before, sum, signed := strings.Cut(location, "hmac=")
		text += " to " + before
		if signed {
			text += fmt.Sprintf("hmac=%.8s… of %d", sum, len(sum))
		}
	default:
		line, _, _ := strings.Cut(string(d.Reply.Body.Bytes()), "\n")
		text += fmt.Sprintf(" %.180s", line)
	}
	if link := d.Reply.Get("Link"); link != "" {
		text += " " + link
	}
	if d.URI != "" {
		text += " at " + d.URI
	}
	if d.Fault != nil {
		text += " with " + d.Fault.Fault.Name
	}
	return text
}

// TestAnswers lists URLs and what they stand for. The choices depend on the seed only, so
// they stay the same.
func TestAnswers(t *testing.T) {
	for _, c := range [][2]string{
		{"http://a.test/", "200 grab's image server"},
		{"http://a.test/?html", "200 <!doctype html>"},
		{"http://a.test/200/300", "302 to /id/737/200/300.jpg?hmac=42e97536… of 64"},
		{"http://a.test/200/300.png", "302 to /id/147/200/300.png?hmac=8db282d4… of 64"},
		{"https://picsum.photos/200/300", "302 to https://fastly.picsum.photos/id/737/200/300.jpg?hmac=42e97536… of 64"},
		{"http://PICSUM.photos/7.gif?grayscale&blur=2", "302 to http://fastly.picsum.photos/id/592/7/7.gif?grayscale&blur=2&hmac=92a6b884… of 64"},
		{"http://a.test/0", "302 to /id/293/200/300.jpg?hmac=bd9bdcd8… of 64"},
		{"http://a.test/0.gif", "302 to /id/97/200/300.gif?hmac=997fd233… of 64"},
		{"http://a.test/00", "400 Invalid size"},
		{"http://a.test/5000/1", "302 to /id/348/5000/1.jpg?hmac=e73b4f26… of 64"},
		{"http://a.test/1/5000", "302 to /id/374/1/5000.jpg?hmac=31c0ad6c… of 64"},
		{"http://a.test/5001/1", "400 Invalid size"},
		{"http://a.test/1/5001", "400 Invalid size"},
		{"http://a.test/0/1", "400 Invalid size"},
		{"http://a.test/1/0", "400 Invalid size"},
		{"http://a.test/1.png/2", "302 to /id/238/1/2.jpg?hmac=6cc7fba9… of 64"},
		{"http://a.test/x", "404 not found"},
		{"http://a.test/1/x", "404 not found"},
		{"http://a.test/1/2.webp", "404 no WebP here: Go's standard library cannot encode it"},
		{"http://a.test/1/2.bmp", "404 not found"},
		{"http://a.test/1/2?blur", "302 to /id/979/1/2.jpg?blur=5&hmac=02676bcd… of 64"},
		{"http://a.test/1/2?blur=1", "302 to /id/441/1/2.jpg?blur=1&hmac=8eb00f43… of 64"},
		{"http://a.test/1/2?blur=10", "302 to /id/838/1/2.jpg?blur=10&hmac=9ace07ee… of 64"},
		{"http://a.test/1/2?blur=11", "400 Invalid query"},
		{"http://a.test/1/2?blur=0", "400 Invalid query"},
		{"http://a.test/1/2?grayscale", "302 to /id/7/1/2.jpg?grayscale&hmac=1e5a3fbd… of 64"},
		{"http://a.test/1/2?%zz", "400 Invalid query"},
		{"http://a.test/1/2?hmac=x", "302 to /id/693/1/2.jpg?hmac=f9e0bee9… of 64"},
		{"http://a.test/id/0/1/2", "302 to /id/0/1/2.jpg?hmac=61d43a4b… of 64"},
		{"http://a.test/id/1000000000/1/2", "302 to /id/1000000000/1/2.jpg?hmac=36561b04… of 64"},
		{"http://a.test/id/1000000001/1/2", "404 not found"},
		{"http://a.test/id/7/1/2?hmac=00", "400 Invalid hmac"},
		{"http://a.test/id/7/1/2.png?grayscale&blur=3&hmac=HMAC", "400 Invalid hmac"},
		{"http://a.test/seed/cat/20/30", "302 to /id/484/20/30.jpg?hmac=756ac137… of 64"},
		{"http://a.test/seed/cat/20/30.gif", "302 to /id/484/20/30.gif?hmac=39e969f5… of 64"},
		{"http://a.test/seed//1/2", "404 not found"},
		{"http://a.test/image/0.jpg", "200 image/jpeg, 0 of 200x300"},
		{"http://a.test/image/1000000000.jpeg", "200 image/jpeg, 1000000000 of 200x300"},
		{"http://a.test/image/1000000001.jpg", "404 not found"},
		{"http://a.test/image/1", "404 not found"},
		{"http://a.test/image/.jpg", "404 not found"},
		{"http://a.test/image/1.webp", "404 no WebP here: Go's standard library cannot encode it"},
		{"http://a.test/image/1.bmp", "404 not found"},
		{"http://a.test/image/1.png?w=65535&h=381", "200 image/png, 1 of 65535x381"},
		{"http://a.test/image/1.png?w=65536", "400 invalid size"},
		{"http://a.test/image/1.png?h=65536", "400 invalid size"},
		{"http://a.test/image/1.gif?w=0", "400 invalid size"},
		{"http://a.test/image/1.gif?h=0", "400 invalid size"},
		{"http://a.test/image/1.gif?w=1&h=1", "200 image/gif, 1 of 1x1"},
		{"http://a.test/image/1.gif?w=5000&h=5000", "200 image/gif, 1 of 5000x5000"},
		{"http://a.test/image/1.gif?w=5000&h=5001", "400 invalid size"},
		{"http://a.test/image/1.jpg?bytes=1073741824", "200 image/jpeg, 1 of 200x300, grey false, blur 0, 1073741824 bytes"},
		{"http://a.test/image/1.jpg?bytes=1073741825", "400 invalid bytes"},
		{"http://a.test/image/1.jpg?bytes=0", "200 image/jpeg, 1 of 200x300"},
		{"http://a.test/image/1.jpg?%zz", "400 invalid query"},
		{"http://a.test/image/1.jpg?w=+1", "400 invalid size"},
		{"http://a.test/status/200", "200 200 OK"},
		{"http://a.test/status/199", "400 status must be from 200 to 599"},
		{"http://a.test/status/599", "599 599"},
		{"http://a.test/status/600", "400 status must be from 200 to 599"},
		{"http://a.test/status/204", "204 "},
		{"http://a.test/status/304", "304 "},
		{"http://a.test/status/404", "404 404 Not Found"},
		{"http://a.test/status/520", "520 520"},
		{"http://a.test/status/x", "400 status must be from 200 to 599"},
		{"http://a.test/redirect/0", "200 image/jpeg, 0 of 200x300"},
		{"http://a.test/redirect/1", "302 to /redirect/0"},
		{"http://a.test/redirect/1000", "302 to /redirect/999"},
		{"http://a.test/redirect/1001", "400 redirects must be from 0 to 1000"},
		{"http://a.test/v2/list?limit=1", `200 [{"id":"0","author":"Author 0","width":640,"height":480,"url":"http://a.test/image/0.jpg","download_url":"http://a.test/id/0/640/480"}] <http://a.test/v2/list?page=2&limit=1>; rel="next"`},
		{"http://a.test/v2/list?page=2&limit=1", `200 [{"id":"1","author":"Author 1","width":1600,"height":900,"url":"http://a.test/image/1.jpg","download_url":"http://a.test/id/1/1600/900"}] <http://a.test/v2/list?page=1&limit=1>; rel="prev", <http://a.test/v2/list?page=3&limit=1>; rel="next"`},
		{"https://a.test/v2/list?page=1000&limit=1", `200 [{"id":"999","author":"Author 999","width":1600,"height":900,"url":"https://a.test/image/999.jpg","download_url":"https://a.test/id/999/1600/900"}] <https://a.test/v2/list?page=999&limit=1>; rel="prev"`},
		{"http://a.test/v2/list?page=1001&limit=1", `200 [] <http://a.test/v2/list?page=1000&limit=1>; rel="prev"`},
		{"http://a.test/v2/list?page=11&limit=100", `200 [] <http://a.test/v2/list?page=10&limit=100>; rel="prev"`},
		{"http://a.test/v2/list?limit=0", "400 invalid page or limit"},
		{"http://a.test/v2/list?limit=100", `200 [{"id":"0","author":"Author 0","width":640,"height":480,"url":"http://a.test/image/0.jpg","download_url":"http://a.test/id/0/640/480"},{"id":"1","author":"Author 1","width":1600,"h <http://a.test/v2/list?page=2&limit=100>; rel="next"`},
		{"http://a.test/v2/list?limit=101", "400 invalid page or limit"},
		{"http://a.test/v2/list?page=0", "400 invalid page or limit"},
		{"http://a.test/v2/list?page=1000000001", "400 invalid page or limit"},
		{"http://a.test/v2/list?%zz", "400 invalid query"},
		{"http://a.test/v2/other", "404 not found"},
		{"http://a.test/as/x?of=/image/1.png", "200 image/png, 1 of 200x300 at /image/1.png"},
		{"http://a.test/as/x?of=/200", "404 not found"},
		{"http://a.test/as/x?of=/image/x", "404 not found at /image/x"},
		{"http://a.test/as/x/y/z?of=/image/2.jpg%3Fw=3", "200 image/jpeg, 2 of 3x300 at /image/2.jpg?w=3"},
		{"http://a.test/as/x", "404 not found"},
		{"http://a.test/as?of=/image/1.png", "404 not found"},
		{"http://a.test/as/x?%zz", "404 not found"},
		{"http://a.test/fault/a01/image/1.jpg", "200 image/jpeg, 1 of 200x300 at /image/1.jpg with a01-short"},
		{"http://a.test/fault/a01-short/redirect/2?at=3&x=y", "200 image/jpeg, 0 of 200x300 at /redirect/0 with a01-short"},
		{"http://a.test/fault/a01/200/300", "200 image/jpeg, 737 of 200x300 at /id/737/200/300.jpg?hmac=42e97536adaa1cf51cdc98033aaf01f2276f9895f3a647e202c0904f867c0a1c with a01-short"},
		{"http://a.test/fault/nothing/image/1.jpg", "404 not found"},
		{"http://a.test/fault/a01/fault/a02/image/1.jpg", "404 not found"},
		{"http://a.test/fault/a01", "404 not found"},
		{"http://a.test/fault/a01/image/1.jpg?at=x", `400 parameter at: "x" is not a number up to 1073741824`},
		{"http://a.test/fault/a01/status/404", "404 404 Not Found at /status/404 with a01-short"},
		{"http://a.test/fault/a01/redirect/1000", "200 image/jpeg, 0 of 200x300 at /redirect/0 with a01-short"},
		{"http://a.test/a/b/c", "404 not found"},
		{"http://a.test/a/b/c/d", "404 not found"},
		{"http://a.test/1/2/3/4", "404 not found"},
		{"http://a.test/id/7/1/2.png?grayscale&blur=3&hmac=ff9c8e9f8208e8c5802a6dcbed18b8739c6b21018aaae7fef4bb8070767cad3d", "200 image/png, 7 of 1x2, grey true, blur 3, 0 bytes"},
		{"http://a.test/id/7/1/2.jpg?hmac=7c5533e6032340afe5fac7c513abd7c2680e14974069f66beaa1285c9e58a3b4", "200 image/jpeg, 7 of 1x2"},
	} {
		if got := answered(t, c[0]); got != c[1] {
			t.Errorf("%s: %s\nwant %s", c[0], got, c[1])
		}
	}
}
