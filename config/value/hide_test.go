package value

import "testing"

// A value that is shown has no secret.
func TestWithoutSecret(t *testing.T) {
	for text, want := range map[string]string{
		"Accept: image/*": "Accept: image/*", "Authorization: Bearer x": "Authorization: (hidden)", "a.test: X-Key: x": "a.test: X-Key: (hidden)",
		"Referer: http://u:p@a.test/": "Referer: (hidden)", "no header": "no header",
	} {
		if got := WithoutHeaderSecret(text); got != want {
			t.Errorf("header %q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"https://a.test/@x": "https://a.test/@x", "https://u:p@a.test/@x": "https://(hidden)@a.test/@x", "u:p@a.test:80": "(hidden)@a.test:80",
		"http:/u:p@a.test": "http:/u:p@a.test", "origin": "origin", `http://a.test\u@x`: `http://a.test\u@x`,
	} {
		if got := WithoutUserinfo(text); got != want {
			t.Errorf("URL %q: %q, want %q", text, got, want)
		}
	}
}
