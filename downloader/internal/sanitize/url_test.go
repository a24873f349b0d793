package sanitize

import (
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	for raw, want := range map[string]string{
		"http://a.test/x@y":               "http://a.test/x@y",
		"http://me:word@a.test/x":         "http://a.test/x",
		"http://me:w@rd@a.test:8/x?y@z":   "http://a.test:8/x?y@z",
		`http:\\me:word@a.test\x`:         `http:\\a.test\x`,
		`http:/\me:word@a.test/x`:         `http:/\a.test/x`,
		`HTTP:\/me:word@a.test/x`:         `HTTP:\/a.test/x`,
		`http://me:wo\rd@a.test/x`:        "http://a.test/x",
		"http://a.test?x@y":               "http://a.test?x@y",
		"a.test":                          "a.test",
		"data:image/svg+xml,<a b='://@'>": "data:image/svg+xml,<a b='://@'>",
	} {
		if got := URL(raw); got != want {
			t.Errorf("%q is shown as %q, want %q", raw, got, want)
		}
	}
}

// TestDataURL checks that a long data: URL is shown in short, that another one is shown
// differently, and that the short form stays.
func TestDataURL(t *testing.T) {
	long := "DATA:image/png;base64," + strings.Repeat("ü", MaxURL)
	a, b := URL(long+"a"), URL(long+"b")
	if a == b || len(a) > MaxURL || !strings.HasPrefix(a, "DATA:image/png;base64,ü") || URL(a) != a || strings.ToValidUTF8(a, "") != a {
		t.Errorf("%q, %q", a, b)
	}
	if fits := long[:MaxURL]; URL(fits) != fits {
		t.Errorf("%q", URL(fits))
	}
}
