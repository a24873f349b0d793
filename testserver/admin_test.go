package testserver

import (
	"net"
	"net/http"
	"testing"
)

// A web page cannot read the ledger or empty it, neither from its own origin nor under a
// name that it has made an address of this machine.
func TestAdminRefuses(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	_, port, err := net.SplitHostPort(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		host, origin string
		status       int
	}{
		{"127.0.0.1:" + port, "", 200},
		{"127.0.0.1:" + port, "http://127.0.0.1:" + port, 200},
		{"localhost:" + port, "", 200},
		{"[::1]:" + port, "", 200},
		{"localhost", "", 200},
		{"evil.example", "", 403},
		{"evil.example:" + port, "http://evil.example:" + port, 403},
		{"127.0.0.1.evil.example", "", 403},
		{"localhost.evil.example", "", 403},
		{"93.184.216.34", "", 403},
		{"127.0.0.1:" + port, "http://evil.example", 403},
		{"127.0.0.1:" + port, "null", 403},
		{"127.0.0.1:" + port, "http://127.0.0.1:1", 403},
	} {
		for path, method := range map[string]string{"/ledger": http.MethodGet, "/reset": http.MethodPost} {
			req, err := http.NewRequestWithContext(t.Context(), method, s.URL(path), nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = tt.host
			if tt.origin != "" {
				req.Header.Set("Origin", tt.origin)
			}
			r, err := c.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
			if r.StatusCode != tt.status {
				t.Errorf("%s with Host %s and Origin %q: status %d, want %d", path, tt.host, tt.origin, r.StatusCode, tt.status)
			}
		}
	}
}
