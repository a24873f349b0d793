package fetch

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/nettest"
	"grab/downloader/internal/proxy"
	"grab/downloader/internal/work"
)

// TestProxyFails checks that each failure is reported as the proxy's, without its
// password.
func TestProxyFails(t *testing.T) {
	for _, tt := range nettest.ProxyFaults() {
		t.Run(tt.What, func(t *testing.T) {
			t.Parallel()
			address := nettest.StartProxy(t, "127.0.0.1:0", tt.Serve)
			tr := newTraveller(t, client.Network{Proxy: func(*http.Request) (*url.URL, error) {
				return &url.URL{Scheme: tt.Scheme, Host: address, User: url.UserPassword("me", "s3cret")}, nil
			}}, func(o *downloader.Options) { o.ConnectTimeout = 500 * time.Millisecond })
			image := "https://a.test/x"
			if tt.Plain {
				image = "http://a.test/x"
			}
			tr.blames(t, image, tt.Again, "proxy "+address, tt.Message)
		})
	}
}

// blames fetches an image through a proxy that fails.
func (tr traveller) blames(t *testing.T, image string, again bool, words ...string) {
	t.Helper()
	done := tr.Do(t.Context(), work.Job{Item: downloader.Item{URL: image}})
	r := done.Result
	if r.Class != downloader.ClassProxy || r.Attempts != 1 || again != (done.Trouble != nil && done.Trouble.Again) {
		t.Errorf("class %q after %d attempts (%s), trouble %+v", r.Class, r.Attempts, r.Error, done.Trouble)
	}
	for _, word := range words {
		if !strings.Contains(r.Error, word) {
			t.Errorf("the error %q does not say %q", r.Error, word)
		}
	}
	if strings.Contains(r.Error, "s3cret") {
		t.Errorf("the error tells the password: %s", r.Error)
	}
}

// TestNoProxyThere has proxies that cannot be reached. The class is not that of an
// image's host.
func TestNoProxyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	for _, image := range []string{"http://a.test/x", "https://a.test/x"} {
		for proxy, why := range map[string]string{nobody: "connection refused", "proxy.test.:3128": "no such host"} {
			n := asking(nettest.NameServer(t, "127.0.0.1:0", func(q nettest.Question) []byte { return q.Answer(3) }))
			n.Proxy = func(*http.Request) (*url.URL, error) { return &url.URL{Scheme: "http", Host: proxy}, nil }
			tr := newTraveller(t, n, nil)
			tr.blames(t, image, true, "proxy "+proxy, why)
		}
	}
}

// TestProxyPassword plays A161: the password goes to the proxy and nowhere else,
// through a tunnel, and over a redirect to a host that is asked without the proxy.
func TestProxyPassword(t *testing.T) {
	var mu sync.Mutex
	var told []string // to servers of images
	origin := func() *station {
		s := startStation(t, publicHost+":0")
		handler := s.Config.Handler
		s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			told = append(told, fmt.Sprint(r.Header))
			mu.Unlock()
			handler.ServeHTTP(w, r)
		})
		return s
	}
	direct, tunnelled := origin().start(t), origin().startTLS(t)
	heard := make(chan string, 10)
	address := nettest.StartProxy(t, "127.0.0.1:0", func(c net.Conn, r *bufio.Reader) {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		heard <- req.Method + " " + req.Header.Get("Proxy-Authorization")
		if req.Method != http.MethodConnect {
			fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nLocation: %s/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", direct.URL)
			return
		}
		nettest.Tunnel(c, r, tunnelled.Listener.Addr().String())
	})
	tr := newTraveller(t, client.Network{Proxy: func(r *http.Request) (*url.URL, error) {
		if r.URL.Hostname() == publicHost {
			return nil, nil
		}
		return &url.URL{Scheme: "http", Host: address, User: url.UserPassword("me", "s3cret")}, nil
	}}, nil)
	tr.goes("http://a.test/x", "")
	tr.goes("https://a.test/x", "")
	tr.Close()
	const basic = "Basic bWU6czNjcmV0"
	if a, b := <-heard, <-heard; a != "GET "+basic || b != "CONNECT "+basic {
		t.Errorf("the proxy heard %q, %q", a, b)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 2 || strings.Contains(strings.Join(told, ""), "Proxy-Authorization") {
		t.Errorf("the servers were told %q", told)
	}
}

// TestBadProxyInTheEnvironment plays B57: an invalid proxy does not mean that there is
// no proxy. Neither does one that a client of a web server may have set.
func TestBadProxyInTheEnvironment(t *testing.T) {
	environment := func(variables map[string]string) func(string) string {
		return func(name string) string { return variables[name] }
	}
	for _, value := range []string{"http://[bad", "http://%zz", "ftp://127.0.0.1", "http://", "me:s3cret@[bad", "http://me:s3cret/x@127.0.0.1"} {
		for _, name := range []string{"HTTP_PROXY", "ALL_PROXY"} {
			tr := newTraveller(t, client.Network{Proxy: proxy.Choice(&downloader.Options{}, environment(map[string]string{name: value}))}, nil)
			if r := tr.goes("http://a.test/x", downloader.ClassProxy, "HTTP_PROXY"); strings.Contains(r.Error, "s3cret") {
				t.Errorf("%s", r.Error)
			}
		}
	}
	choose := proxy.Choice(&downloader.Options{}, environment(map[string]string{"HTTP_PROXY": "http://127.0.0.1:3128", "REQUEST_METHOD": "GET"}))
	newTraveller(t, client.Network{Proxy: choose}, nil).goes("http://a.test/x", downloader.ClassProxy, "CGI")
}
