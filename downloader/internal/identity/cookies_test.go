package identity

import (
	"net/http"
	"testing"
)

// TestCookiesByTheirRules has cookies of a redirect from www.one.test, and looks which of
// them go to the next step.
func TestCookiesByTheirRules(t *testing.T) {
	for _, tt := range []struct{ set, next, own, want string }{
		{"a=1", "https://www.one.test/x", "", "a=1"},
		{"a=1", "https://img.one.test/x", "", ""},
		{"a=1; Domain=one.test", "https://img.one.test/x", "", "a=1"},
		{"a=1; Domain=one.test", "https://two.test/x", "", ""},
		{"a=1; Domain=test", "https://two.test/x", "", ""},
		{"a=1; Domain=two.test", "https://two.test/x", "", ""},
		{"a=1; Path=/deep", "https://www.one.test/x", "", ""},
		{"a=1; Path=/deep", "https://www.one.test/deep/x", "", "a=1"},
		{"a=1; Secure", "http://www.one.test/x", "", ""},
		{"a=1; Max-Age=0", "https://www.one.test/x", "", ""},
		{"a=1", "https://www.one.test/x", "b=2", "b=2; a=1"},
		{"a=1", "https://www.one.test/x", "a=old; b=2", "b=2; a=1"},
		{"no cookie", "https://www.one.test/x", "a=old", "a=old"},
	} {
		first, err := http.NewRequest(http.MethodGet, "https://www.one.test/", nil)
		if err != nil {
			t.Fatal(err)
		}
		next, err := http.NewRequest(http.MethodGet, tt.next, nil)
		if err != nil {
			t.Fatal(err)
		}
		next.Response = &http.Response{Request: first, Header: http.Header{"Set-Cookie": {tt.set}}}
		if tt.own != "" {
			next.Header.Set("Cookie", tt.own)
		}
		addCookies(next, []*http.Request{first})
		if got := next.Header.Get("Cookie"); got != tt.want {
			t.Errorf("%q to %s, which has %q: %q, want %q", tt.set, tt.next, tt.own, got, tt.want)
		}
	}
}
