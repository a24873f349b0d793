package value

import (
	"strings"
	"testing"
)

// TestHeaderOfAHostMisspelt has headers that were meant for one host. None may become a
// header for every host.
func TestHeaderOfAHostMisspelt(t *testing.T) {
	for _, text := range []string{"a.test:X-Key:v", "a.test: Authorization Bearer x", "a.test:X-Key: v", "*.a.test: X-Key: v"} {
		all, byHost, err := Headers([]string{text})
		if err == nil || strings.Contains(err.Error(), "Bearer") {
			t.Errorf("%s: %v, %v, %v", text, err, all, byHost)
		}
	}
}

// TestCutHost cuts off the hosts that headers are for.
func TestCutHost(t *testing.T) {
	for text, want := range map[string]string{
		"A.test: X-K: v": "a.test", "a.test:8080: X-K: v": "a.test:8080", "box:8080: X-K: v": "box:8080", "localhost: X-K: v": "localhost", "127.0.0.1: X-K: v": "127.0.0.1",
		"[::1]: X-K: v": "::1", "[::1]:80: X-K: v": "::1:80", "::1:80: X-K: v": "::1:80",
		"box: X-K: v": "", "a.test:x: X-K: v": "", "a.test:: X-K: v": "", "a.test: no header": "", "a.test/x: X-K: v": "", "me@a.test: X-K: v": "", "*.test: X-K: v": "", "a.test:X-K:v": "", "X-K: a.test: v": "",
	} {
		host, rest := cutHost(text)
		if host != want || (want == "") != (rest == text) || want != "" && rest != "X-K: v" {
			t.Errorf("%s: %q, %q; want %q", text, host, rest, want)
		}
	}
}
