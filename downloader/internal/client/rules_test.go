package client

import (
	"context"
	"crypto/tls"
	"net/http"
	"slices"
	"testing"

	"grab/downloader"
	"grab/downloader/live"
)

// TestTransient lists all statuses that are worth another request.
func TestTransient(t *testing.T) {
	var got []int
	for status := range 1000 {
		if StatusError(status).Transient() {
			got = append(got, status)
		}
	}
	if want := []int{408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}; !slices.Equal(got, want) {
		t.Errorf("%d, want %d", got, want)
	}
}

// TestLegacySuites checks that -tls-legacy offers old key exchanges and ciphers, but none
// with RC4 (RFC 7465).
func TestLegacySuites(t *testing.T) {
	got := legacySuites()
	for id, want := range map[uint16]bool{
		tls.TLS_RSA_WITH_AES_128_CBC_SHA: true, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA: true, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: true,
		tls.TLS_RSA_WITH_RC4_128_SHA: false, tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA: false, tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA: false,
	} {
		if slices.Contains(got, id) != want {
			t.Errorf("%s: offered %v, want %v", tls.CipherSuiteName(id), !want, want)
		}
	}
}

// TestRedirectedHeaders follows a chain of redirects, and checks which headers each
// request has, and which requests count against the rate of the first host.
func TestRedirectedHeaders(t *testing.T) {
	secret := http.Header{"Cookie": {"a=b"}, "Authorization": {"Basic x"}, "X-Key": {"k"}, "Accept-Language": {"de"}}
	rule := redirectRule(&downloader.Options{MaxRedirects: 9, Header: secret}, nil)
	var tracker live.Tracker
	ctx := WithTracker(context.Background(), &tracker)
	request := func(url string) *http.Request {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = secret.Clone() // as net/http copies them at each step
		return req
	}
	var via []*http.Request
	for _, step := range []struct {
		url     string
		secrets bool
		repeats int
	}{
		{"http://a.test/1", true, 0},
		{"http://a.test/2", true, 1},
		{"http://a.test:80/3", true, 2},
		{"https://a.test/4", false, 2},
		{"http://b.test/5", false, 2},
		{"http://a.test/6", false, 3}, // it came from elsewhere
	} {
		next := request(step.url)
		if len(via) > 0 {
			if err := rule(next, via); err != nil {
				t.Fatal(err)
			}
		}
		for name := range secret {
			if has := next.Header.Get(name) != ""; has != (step.secrets || name == "Accept-Language") {
				t.Errorf("%s: has %s: %v", step.url, name, has)
			}
		}
		if tracker.Repeats() != step.repeats {
			t.Errorf("%s: %d requests count against the rate of the first host, want %d", step.url, tracker.Repeats(), step.repeats)
		}
		via = append(via, next)
	}
}
