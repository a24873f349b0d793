package fetch

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"grab/downloader"
)

// TestWebList fetches lists from a server that has faults. What it cannot fetch it explains.
func TestWebList(t *testing.T) {
	const text = "http://a.test/1\nhttp://a.test/2\n"
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first := asked.Add(1) == 1
		name, password, _ := r.BasicAuth()
		switch r.URL.Path {
		case "/busy":
			if first {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		case "/cut":
			if first {
				w.Header().Set("Content-Length", "1000")
			}
		case "/down":
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		case "/login":
			if name != "me" || password != "secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
		case "/page":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		case "/moved":
			http.Redirect(w, r, "/list", http.StatusFound)
			return
		case "/accept":
			if r.Header.Get("Accept") != "*/*" || r.Header.Get("User-Agent") != "test" || r.Header.Get("X") != "1" {
				w.WriteHeader(http.StatusNotAcceptable)
				return
			}
		case "/gone":
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(text))
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	const netrc = "machine 127.0.0.1 login me password secret"
	for _, tt := range []struct {
		url   string
		netrc string
		asked int32
		bad   string
	}{
		{url: server.URL + "/list", asked: 1},
		{url: server.URL + "/busy", asked: 2},
		{url: server.URL + "/cut", asked: 2},
		{url: server.URL + "/moved", asked: 2},
		{url: server.URL + "/accept", asked: 1},
		{url: "http://me:secret@" + host + "/login", asked: 1},
		{url: server.URL + "/login", netrc: netrc, asked: 1},
		{url: server.URL + "/login", asked: 1, bad: "401 Unauthorized: if it needs a login, give it with -cookies, -netrc or -H"},
		{url: server.URL + "/page", asked: 1, bad: "the server sent a web page, not a list: if it needs a login,"},
		{url: server.URL + "/gone", asked: 1, bad: "404 Not Found: there is no list at this URL"},
		{url: server.URL + "/down", asked: 3, bad: "503 Service Unavailable: try again later"},
	} {
		o := downloader.Defaults()
		o.Retries, o.RetryMin, o.RetryMax, o.UserAgent, o.Netrc = 2, time.Millisecond, time.Millisecond, "test", tt.netrc
		o.Header = http.Header{"X": {"1"}}
		asked.Store(0)
		got, err := webList(t, t.Context(), o, tt.url)
		if tt.bad == "" && (err != nil || got != text) || tt.bad != "" && (err == nil || !strings.Contains(err.Error(), tt.bad)) || asked.Load() != tt.asked {
			t.Errorf("%s: %q, %v, asked %d times", tt.url, got, err, asked.Load())
		}
	}
	o := downloader.Defaults()
	o.DenyPrivate = true
	if _, err := webList(t, t.Context(), o, server.URL+"/list"); err == nil {
		t.Error("a private address was asked")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := webList(t, ctx, downloader.Defaults(), server.URL+"/down"); err == nil {
		t.Error("went on after an interrupt")
	}
}

func webList(t *testing.T, ctx context.Context, o downloader.Options, url string) (string, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "list")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := WebList(ctx, &o, url, file); err != nil {
		return "", err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), nil
}
