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

// environment returns a function like os.Getenv.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// TestProxyFromEnvironment plays A162.
func TestProxyFromEnvironment(t *testing.T) {
	const proxy = "http://127.0.0.1:3128"
	choose := client.ProxyChoice(&downloader.Options{}, environment("HTTP_PROXY", proxy, "HTTPS_PROXY", "127.0.0.1:3128", "NO_PROXY", nettest.NoProxy))
	for image, direct := range nettest.ProxyChoices() {
		want := proxy
		if direct {
			want = "<nil>"
		}
		chosen(t, choose, image, want)
	}
}

func chosen(t *testing.T, choose func(*http.Request) (*url.URL, error), image, want string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, image, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := choose(req); err != nil || fmt.Sprint(got) != want {
		t.Errorf("%s: %v, %v; want %s", image, got, err, want)
	}
}

// TestProxyChoice has the names that may be set in the environment, and the options that
// override them.
func TestProxyChoice(t *testing.T) {
	const a, b, c, none = "http://a:1", "socks5://b:1080", "socks5h://c:1080", "<nil>"
	for _, tt := range []struct {
		proxy, noProxy string
		env            []string
		plain, secure  string // for hosts of the Internet
		own            string // for this machine
	}{
		{"", "", nil, none, none, none},
		{"", "", []string{"http_proxy", a}, a, none, none},
		{"", "", []string{"https_proxy", a}, none, a, none},
		{"", "", []string{"ALL_PROXY", b}, b, b, none},
		{"", "", []string{"all_proxy", c}, c, c, none},
		{"", "", []string{"all_proxy", b, "HTTPS_PROXY", a}, b, a, none},
		{"", "", []string{"all_proxy", b, "no_proxy", "x.test y.test"}, none, none, none},
		{"", "*", []string{"all_proxy", b}, none, none, none},
		{"", "y.test", []string{"all_proxy", b, "NO_PROXY", "*"}, b, b, none},
		{b, "", []string{"HTTP_PROXY", a, "HTTPS_PROXY", a}, b, b, b},
		{b, "", []string{"NO_PROXY", "*.test"}, none, none, b},
		{b, "x.test:443", nil, b, none, b},
		{b, "127.0.0.0/8,[::1]", nil, b, b, none},
		{"a:1", "", nil, a, a, a},
	} {
		choose := client.ProxyChoice(&downloader.Options{Proxy: tt.proxy, NoProxy: tt.noProxy}, environment(tt.env...))
		chosen(t, choose, "http://x.test/", tt.plain)
		chosen(t, choose, "https://X.test./", tt.secure)
		for _, host := range []string{"127.0.0.1", "[::1]:8080", "[::ffff:127.0.0.1]"} {
			chosen(t, choose, "http://"+host+"/", tt.own)
		}
	}
}

// TestNoProxyCostsNothing counts what is allocated for a request without a proxy.
func TestNoProxyCostsNothing(t *testing.T) {
	choose := client.ProxyChoice(&downloader.Options{}, environment())
	req := &http.Request{URL: &url.URL{Scheme: "http", Host: "a.test"}}
	if n := testing.AllocsPerRun(100, func() { choose(req) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestBadProxyInTheEnvironment plays B57: an invalid proxy does not mean that there is
// no proxy. Neither does one that a client of a web server may have set.
func TestBadProxyInTheEnvironment(t *testing.T) {
	for _, value := range []string{"http://[bad", "http://%zz", "ftp://127.0.0.1", "http://", "me:s3cret@[bad", "http://me:s3cret/x@127.0.0.1"} {
		for _, name := range []string{"HTTP_PROXY", "ALL_PROXY"} {
			tr := newTraveller(t, client.Network{Proxy: client.ProxyChoice(&downloader.Options{}, environment(name, value))}, nil)
			if r := tr.goes("http://a.test/x", downloader.ClassProxy, "HTTP_PROXY"); strings.Contains(r.Error, "s3cret") {
				t.Errorf("%s", r.Error)
			}
		}
	}
	choose := client.ProxyChoice(&downloader.Options{}, environment("HTTP_PROXY", "http://127.0.0.1:3128", "REQUEST_METHOD", "GET"))
	newTraveller(t, client.Network{Proxy: choose}, nil).goes("http://a.test/x", downloader.ClassProxy, "CGI")
}
