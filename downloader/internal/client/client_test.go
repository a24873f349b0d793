package client

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"grab/downloader"
	"grab/downloader/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestProxyIsLookedUpOnce counts the look-ups for a request and the redirect that
// follows, without a proxy and through one.
func TestProxyIsLookedUpOnce(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/from" {
			http.Redirect(w, r, "/to", http.StatusFound)
		}
	}))
	defer server.Close()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for from, proxy := range map[string]*url.URL{server.URL + "/from": nil, "http://a.test/from": address} {
		var lookups atomic.Int64
		c := New(&downloader.Options{
			Workers: 1, MaxRedirects: 1,
			ConnectTimeout: time.Minute, HeaderTimeout: time.Minute, StallTimeout: time.Minute,
		}, Network{Proxy: func(*http.Request) (*url.URL, error) {
			lookups.Add(1)
			return proxy, nil
		}}, nil)
		ctx := WithTracker(t.Context(), &live.Tracker{})
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		CloseIdle(c)
		if resp.StatusCode != http.StatusOK || lookups.Load() != 2 {
			t.Errorf("%s: status %d after %d look-ups of a proxy, want 2", from, resp.StatusCode, lookups.Load())
		}
	}
}
