package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/live"
)

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

// TestProxyIsNotBlamed has requests through a proxy that end for reasons of this machine.
// Their errors say so, and do not name the proxy.
func TestProxyIsNotBlamed(t *testing.T) {
	proxy := &url.URL{Scheme: "http", Host: "proxy.test:3128"}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		dial   error
		blamed bool
	}{
		{t.Context(), errors.New("refused"), true},
		{t.Context(), syscall.EMFILE, false},
		{t.Context(), cause.ErrNoPort, false},
		{ended, context.Canceled, false},
	} {
		tr := newTransport(&downloader.Options{Workers: 1}, func(context.Context, string, string) (net.Conn, error) { return nil, c.dial })
		tr.useProxy()
		for _, image := range []string{"http://a.test/", "https://a.test/"} {
			req, err := http.NewRequestWithContext(WithTracker(c.ctx, &live.Tracker{}), http.MethodGet, image, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = throughProxy(tr, req, proxy)
			if _, blamed := errors.AsType[*cause.ProxyError](err); blamed != c.blamed || !errors.Is(err, c.dial) {
				t.Errorf("%s: %v; want %v, the proxy blamed: %v", image, err, c.dial, c.blamed)
			}
		}
	}
}

// TestHintsOfTLS lists the errors of a handshake that a setting may mend.
func TestHintsOfTLS(t *testing.T) {
	const version, cipher = "remote error: tls: protocol version not supported", "remote error: tls: handshake failure"
	cert := downloader.Options{ClientCert: []byte("x")}
	old, legacy := downloader.Options{TLSMin: tls.VersionTLS10}, downloader.Options{TLSLegacy: true}
	for _, c := range []struct {
		err     string
		options downloader.Options
		hint    string
	}{
		{"remote error: tls: certificate required", downloader.Options{}, "-cert"},
		{"remote error: tls: bad certificate", downloader.Options{}, "-cert"},
		{"remote error: tls: bad certificate", cert, ""},
		{version, downloader.Options{}, "-tls-min 1.0"},
		{"tls: server selected unsupported protocol version 301", downloader.Options{}, "-tls-min 1.0"},
		{version, old, ""},
		{cipher, downloader.Options{}, "-tls-legacy"},
		{"remote error: tls: insufficient security level", downloader.Options{}, "-tls-legacy"},
		{"remote error: tls: insufficient security level", legacy, ""},
		{cipher, legacy, "Diffie-Hellman"},
		{"EOF", downloader.Options{}, ""},
	} {
		plain := errors.New(c.err)
		err := explainTLS(plain, &c.options)
		if !errors.Is(err, plain) || !strings.Contains(err.Error(), c.hint) || (c.hint == "") != (err == plain) {
			t.Errorf("%v, want a hint with %q", err, c.hint)
		}
	}
}
