package weburl

import (
	"fmt"
	"testing"
)

// TestPlainIsMappedToItself tries each byte at each place of a URL. What is called plain
// must be what mapping returns: plain URLs are not mapped.
func TestPlainIsMappedToItself(t *testing.T) {
	plain := 0
	for _, form := range []string{
		"http://a.test/%c", "http://a.test/x%cx", "http://a.test/?%c", "http://a.test/%%2%c", "http://a.test/%%%c0", "http://a%cb.test/", "http://%ca.test/",
		"http://a.%c/", "http://a.%cb/", "http://1.0%c7f/", "http://a.test%c/", "http://a.test:%c/", "http://a.test:8%c/", "http://1.2.3.%c/", "http://%c.0.0.1/", "http%c//a.test/",
		"https://a.test/%c",
	} {
		for c := range 256 {
			raw := fmt.Sprintf(form, rune(c))
			if !IsPlain(raw) {
				continue
			}
			plain++
			if mapped, err := Map(raw); mapped != raw || err != nil {
				t.Errorf("%q is called plain, but mapping returns %q, %v", raw, mapped, err)
			}
		}
	}
	// Others are only slower, so nothing else would notice that a character is missing.
	if want := 759; plain != want {
		t.Errorf("%d URLs are plain, want %d", plain, want)
	}
}
