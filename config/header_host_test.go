package config

import (
	"net/http"
	"strings"
	"testing"
)

// TestHeaderOfAHostMisspelt has headers that were meant for one host. None may become a
// header for every host.
func TestHeaderOfAHostMisspelt(t *testing.T) {
	for _, text := range []string{"a.test:X-Key:v", "a.test: Authorization Bearer x", "a.test:X-Key: v", "*.a.test: X-Key: v"} {
		var all http.Header
		var byHost map[string]http.Header
		err := toHeader(&all, &byHost)([]string{text})
		if err == nil || strings.Contains(err.Error(), "Bearer") {
			t.Errorf("%s: %v, %v, %v", text, err, all, byHost)
		}
	}
}
