package testserver

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// TestResumes is a client that is cut, requests the rest, and then requests the whole.
func TestResumes(t *testing.T) {
	image := func(uri string) []byte {
		data, err := Image(uri, 0)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	one, two, long, flat := image("/image/7.jpg"), image("/image/7.jpg?v=1"), image("/image/7.jpg?h=500"), image("/image/7.jpg?h=20")
	for uri, want := range map[string]struct {
		status int
		about  string // in Content-Range or Content-Type
		rest   []byte // nil: not compared
		after  []byte
	}{
		"a101":                         {200, "", one, one},
		"a102":                         {206, "bytes 999-", one[999:], one},
		"a102?kind=high":               {206, "bytes 1001-", one[1001:], one},
		"a102?kind=star":               {206, "/*", one[1000:], one},
		"a102?kind=missing":            {206, "", one[1000:], one},
		"a102?kind=unit":               {206, "lines ", one[1000:], one},
		"a103-other-tag":               {206, "bytes 1000-", two[1000:], two},
		"a104-changed":                 {200, "", two, two},
		"a105-weak-tag":                {206, "", two[1000:], one},
		"a105-no-validator":            {206, "", two[1000:], one},
		"a105-fresh":                   {206, "", two[1000:], one},
		"a106-have-all":                {416, "bytes */", nil, one},
		"a106-other-size":              {416, "bytes */1007", nil, one},
		"a106-no-size":                 {416, "", nil, one},
		"a107-multipart":               {206, "multipart/byteranges", nil, one},
		"a108-encoded":                 {206, "bytes 1000-", nil, one},
		"a109-lying-rest":              {206, "bytes 1000-", nil, one},
		"a109-digest":                  {206, "bytes 1000-", nil, one},
		"a110-too-long":                {200, "", flat, flat},
		"a110-no-ranges":               {206, "", two[1000:], one},
		"a111-grows":                   {200, "", long, long},
		"a111-shrinks":                 {200, "", flat, flat},
		"a01-short?times=1":            {206, "bytes 1000-", one[1000:], one},
		"a100-unasked-partial?times=1": {206, "bytes 1000-", one[1000:], one},
	} {
		s := start(t, Options{})
		c := newClient(t, s)
		name, query, _ := strings.Cut(uri, "?")
		url := s.URL("/fault/" + name + "/image/7.jpg?at=1000&" + query)
		first := open(t, c, url)
		first.Body.Close()
		r := get(t, c, url, "Range", "bytes=1000-", "If-Range", first.Header.Get("Etag"))
		about := r.Header.Get("Content-Range") + " " + r.Header.Get("Content-Type")
		if r.StatusCode != want.status || !strings.Contains(about, want.about) {
			t.Errorf("%s: status %d, %q", uri, r.StatusCode, about)
		}
		if want.rest != nil && !bytes.Equal(r.data, want.rest) {
			t.Errorf("%s: the rest has %d bytes, want %d", uri, len(r.data), len(want.rest))
		}
		if again := get(t, c, url); again.StatusCode != http.StatusOK || !bytes.Equal(again.data, want.after) {
			t.Errorf("%s: then status %d and %d bytes, want %d", uri, again.StatusCode, len(again.data), len(want.after))
		}
	}
}
