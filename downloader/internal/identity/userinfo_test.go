package identity

import (
	"net/http"
	"testing"
)

// TestPasswordOfURL moves the name and password of a URL to the header, unless the user gave
// one. The headers that all requests share stay as they are.
func TestPasswordOfURL(t *testing.T) {
	for _, c := range []struct{ url, given, want string }{
		{"http://a.test/", "", ""},
		{"http://me:word@a.test/", "", "Basic bWU6d29yZA=="},
		{"http://me@a.test/", "", "Basic bWU6"},
		{"http://me:word@a.test/", "Bearer x", "Bearer x"},
	} {
		req, err := http.NewRequest(http.MethodGet, c.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.given != "" {
			req.Header.Set("Authorization", c.given)
		}
		shared := req.Header
		MoveUserinfo(req)
		if got := req.Header.Get("Authorization"); got != c.want || req.URL.User != nil || shared.Get("Authorization") != c.given {
			t.Errorf("%s with %q: %q, URL %v, shared %v", c.url, c.given, got, req.URL, shared)
		}
	}
}
