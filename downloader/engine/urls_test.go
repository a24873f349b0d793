package engine_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	. "grab/downloader"
)

// wire is what a server saw of a request.
type wire struct{ sni, host, target string }

// startWire starts a server for every host, with TLS or without. It answers a request
// whose query begins with "go=" with a redirect to the rest of it, byte for byte.
func startWire(t *testing.T, opts Options, secure bool) (Options, func() []wire) {
	var mu sync.Mutex
	var all []wire
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		saw := wire{host: r.Host, target: r.RequestURI}
		if r.TLS != nil {
			saw.sni = r.TLS.ServerName
		}
		mu.Lock()
		all = append(all, saw)
		mu.Unlock()
		if r.URL.Path == "/go" {
			to := map[string]string{"1": "/bär 100%.png?q=é", "2": "HTTP" + strings.TrimPrefix(scheme(secure), "http") + ":\\\\BÜCHER.Test\\ü"}
			w.Header().Set("Location", to[r.URL.RawQuery])
			w.WriteHeader(http.StatusFound)
			return
		}
		w.Write(picture)
	}))
	s.EnableHTTP2 = true
	if secure {
		s.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	opts.DialTo, opts.Insecure, opts.Verify = s.Listener.Addr().String(), true, VerifyType
	return opts, func() []wire {
		mu.Lock()
		defer mu.Unlock()
		got := slices.Clone(all)
		all = nil
		return got
	}
}

func scheme(secure bool) string {
	if secure {
		return "https"
	}
	return "http"
}

// TestURLsOnTheWire checks what goes out for URLs that need mapping, over HTTP/1.1 and
// HTTP/2: ASCII only, and one name of the host everywhere. What is valid stays byte for
// byte. The result has the URL as it was written.
func TestURLsOnTheWire(t *testing.T) {
	for _, tt := range []struct {
		url  string
		want []wire // without the SNI, which is the host's name
	}{
		{"://a.test/x%c3%bc/../b//c?y=z'()[]|", []wire{{"", "a.test", "/x%c3%bc/../b//c?y=z'()[]|"}}},
		{"://a.test/100%.png", []wire{{"", "a.test", "/100%25.png"}}},
		{"://a.test/bücher/ü x.png?name=bücher \"x\"", []wire{{"", "a.test", "/b%C3%BCcher/%C3%BC%20x.png?name=b%C3%BCcher%20%22x%22"}}},
		{`://a.test\a|b\c`, []wire{{"", "a.test", "/a%7Cb/c"}}},
		{"://BÜCHER.Test/x", []wire{{"", "xn--bcher-kva.test", "/x"}}},
		{"://日本語。test:8443/x#y z%", []wire{{"", "xn--wgv71a119e.test:8443", "/x"}}},
		{"://１２７.１/x", []wire{{"", "127.0.0.1", "/x"}}},
		{"://0x7f000001/x", []wire{{"", "127.0.0.1", "/x"}}},
		{"://a.test/go?1", []wire{{"", "a.test", "/go?1"}, {"", "a.test", "/b%C3%A4r%20100%25.png?q=%C3%A9"}}},
		{"://a.test/go?2", []wire{{"", "a.test", "/go?2"}, {"", "xn--bcher-kva.test", "/%C3%BC"}}},
	} {
		t.Run(tt.url, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				for _, over := range []string{"h1", "tls", "h2"} {
					secure := over != "h1"
					opts, saw := startWire(t, opts, secure)
					opts.HTTP2, opts.Force = over == "h2", true
					raw := scheme(secure) + tt.url
					r := fetch(t, opts, raw).results[0]
					expect(t, r, StatusOK, "", 1)
					last := tt.want[len(tt.want)-1]
					if final, _, _ := strings.Cut(r.FinalURL, "#"); r.URL != raw || final != scheme(secure)+"://"+last.host+last.target {
						t.Errorf("url %q, final_url %q", r.URL, r.FinalURL)
					}
					want := slices.Clone(tt.want)
					for i := range want {
						if name, _, _ := strings.Cut(want[i].host, ":"); secure && name != "127.0.0.1" {
							want[i].sni = name
						}
					}
					if got := saw(); fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("the server saw %q, want %q", got, want)
					}
				}
			})
		})
	}
}

// TestDataURLs takes images out of data: URLs, with the limits and checks of any image,
// and without a request.
func TestDataURLs(t *testing.T) {
	const gif = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
	eachMode(t, func(t *testing.T, opts Options) {
		opts, saw := startWire(t, opts, false)
		opts.Verify, opts.MaxSize = VerifyStructure, 100
		long := "data:image/bmp;base64," + strings.Repeat("Qk0A", 300)
		o := fetch(t, opts, gif, gif, long, "data:image/gif;base64,R0lGODlhAQABAIAAAAAA", "data:,hello", "data:image/gif;base64,!", "data:image/gif,", "http://a.test/x")
		for i, want := range []Class{"", "", ClassTooBig, ClassImageTruncated, ClassNotImage, ClassURL, ClassEmpty} {
			r := o.results[i]
			status := StatusFailed
			if want == "" {
				status = StatusOK
			}
			if expect(t, r, status, want, 1); r.HTTPStatus != 0 || r.FinalURL != "" {
				t.Errorf("%+v", r)
			}
		}
		if r := o.results[0]; r.URL != gif || r.File != "image_0.gif" || r.Width != 1 || r.Height != 1 || r.Bytes != 42 || r.ContentType != "image/gif" {
			t.Errorf("%+v", r)
		}
		if r := o.results[2]; len(r.URL) > 200 || !strings.HasPrefix(r.URL, "data:image/bmp;base64,Qk0A") || !strings.Contains(r.URL, "…sha256=") {
			t.Errorf("shown as %q", r.URL)
		}
		if got := saw(); len(got) != 1 {
			t.Errorf("requests: %q", got)
		}
	})
}
