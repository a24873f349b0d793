package downloader

import (
	"strings"
	"testing"
)

// TestRejects parses what is not wanted, and compares it with final URLs.
func TestRejects(t *testing.T) {
	var r Rejects
	for _, text := range []string{"sha256:" + strings.Repeat("AB", 32), "url:*/Removed.png", "url:http://*.a.test/gone/*", "url:http://b.test/x?*=*1", "url:http://c.test/"} {
		if err := r.ParseReject(text); err != nil {
			t.Error(err)
		}
	}
	if len(r.SHA256) != 1 || r.SHA256[0] != strings.Repeat("ab", 32) || !r.valid() {
		t.Errorf("%+v", r)
	}
	for url, want := range map[string]string{
		"http://x/a/removed.png": "*/removed.png", "HTTP://x/REMOVED.PNG#top": "*/removed.png",
		"http://x/removed.png?a": "", "http://x/removed.pngs": "", "http://x/not-removed.png": "",
		"http://i.a.test/gone/": "http://*.a.test/gone/*", "http://a.test/gone/": "", "https://i.a.test/gone/1": "",
		"http://b.test/x?a=21": "http://b.test/x?*=*1", "http://b.test/x?=1": "http://b.test/x?*=*1", "http://b.test/xx=1": "", "http://b.test/x?a=12": "",
		"http://c.test/": "http://c.test/", "http://c.test/a": "", "xhttp://c.test/": "", "": "",
	} {
		if got := r.URL(url); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
	for _, text := range []string{"", "x", "sha256:", "sha256:ab", "sha256:" + strings.Repeat("xy", 32), "url:", "url: ", "md5:ab", "SHA256:" + strings.Repeat("ab", 32)} {
		if err := r.ParseReject(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
