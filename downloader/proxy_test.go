package downloader

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// StartProxy is a proxy on an address that does one thing with each connection,
// after it has heard a request or whatever else comes first.
func StartProxy(t *testing.T, address string, serve func(c net.Conn, r *bufio.Reader)) string {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		serving.Wait()
	})
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			serving.Go(func() { defer c.Close(); serve(c, bufio.NewReader(c)) })
		}
	})
	return l.Addr().String()
}

// answers is a proxy's answer to every request.
func answers(text string) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, r *bufio.Reader) {
		if _, err := http.ReadRequest(r); err == nil {
			io.WriteString(c, text)
		}
	}
}

// ProxyFault is something that a proxy does instead of its work.
type ProxyFault struct {
	What    string
	Scheme  string // of the proxy
	Serve   func(net.Conn, *bufio.Reader)
	Plain   bool // the URL is http, otherwise https
	Again   bool // it is worth another attempt
	Message string
}

// ProxyFaults are row A160 of the catalogue.
func ProxyFaults() []ProxyFault {
	refusal := func(status string) string { return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n" }
	silence := func(c net.Conn, _ *bufio.Reader) { io.Copy(io.Discard, c) }
	return []ProxyFault{
		{"forbids", "http", answers(refusal("403 No")), false, false, "403 Forbidden"},
		{"wants a password", "http", answers(refusal("407 Who?")), false, false, "407 Proxy Authentication Required"},
		{"wants a password for http", "http", answers(refusal("407 Who?")), true, false, "407 Proxy Authentication Required"},
		{"has no way", "http", answers(refusal("502 Bad")), false, true, "502 Bad Gateway"},
		{"is in maintenance", "http", answers(refusal("503 Later")), false, true, "503 Service Unavailable"},
		{"hangs up", "http", answers(""), false, true, "EOF"},
		{"talks nonsense", "http", answers("SSH-2.0-OpenSSH_9.2\r\n"), false, true, "malformed"},
		{"is silent", "http", silence, false, true, "timeout"},
		{"is no SOCKS", "socks5", answers("HTTP/1.1 400 Bad Request\r\n\r\n"), true, true, "socks"},
		{"refuses over SOCKS", "socks5", func(c net.Conn, r *bufio.Reader) {
			if _, err := io.ReadFull(r, make([]byte, 4)); err == nil { // with a password, two methods
				c.Write([]byte{5, 0xff})
			}
		}, true, true, "socks"},
		{"is silent over SOCKS", "socks5", silence, false, true, "timeout"},
		{"speaks no TLS", "https", answers(refusal("400 Bad Request")), false, true, "TLS"},
	}
}

// TestProxyFails has each told as the proxy's fault, and its password not at all.
func TestProxyFails(t *testing.T) {
	for _, tt := range ProxyFaults() {
		t.Run(tt.What, func(t *testing.T) {
			t.Parallel()
			address := StartProxy(t, "127.0.0.1:0", tt.Serve)
			tr := newTraveller(t, network{proxy: func(*http.Request) (*url.URL, error) {
				return &url.URL{Scheme: tt.Scheme, Host: address, User: url.UserPassword("me", "s3cret")}, nil
			}}, func(o *Options) { o.ConnectTimeout = 500 * time.Millisecond })
			image := "https://a.test/x"
			if tt.Plain {
				image = "http://a.test/x"
			}
			tr.blames(t, image, tt.Again, "proxy "+address, tt.Message)
		})
	}
}

// blames fetches an image by a proxy that fails.
func (tr traveller) blames(t *testing.T, image string, again bool, words ...string) {
	t.Helper()
	done := tr.Do(t.Context(), job{Item: Item{URL: image}})
	r := done.Result
	if r.Class != ClassProxy || r.Attempts != 1 || again != (done.Trouble != nil && done.Trouble.Again) {
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

// TestNoProxyThere has proxies that cannot be reached: the class is not the one of
// the image's host.
func TestNoProxyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	for _, image := range []string{"http://a.test/x", "https://a.test/x"} {
		for proxy, why := range map[string]string{nobody: "connection refused", "proxy.test.:3128": "no such host"} {
			n := asking(NameServer(t, "127.0.0.1:0", func(q Question) []byte { return q.Answer(3) }))
			n.proxy = func(*http.Request) (*url.URL, error) { return &url.URL{Scheme: "http", Host: proxy}, nil }
			tr := newTraveller(t, n, nil)
			tr.blames(t, image, true, "proxy "+proxy, why)
		}
	}
}

// Tunnel answers a CONNECT: what comes goes to an address, and back.
func Tunnel(c net.Conn, r io.Reader, address string) {
	to, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer to.Close()
	io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	var back sync.WaitGroup
	defer back.Wait()
	back.Go(func() { io.Copy(c, to); c.Close() })
	io.Copy(to, r)
	to.(*net.TCPConn).CloseWrite()
}

// TestProxyPassword plays A161: the password goes to the proxy and nowhere else,
// through a tunnel and over a redirect to a host that is asked without it.
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
	address := StartProxy(t, "127.0.0.1:0", func(c net.Conn, r *bufio.Reader) {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		heard <- req.Method + " " + req.Header.Get("Proxy-Authorization")
		if req.Method != http.MethodConnect {
			fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nLocation: %s/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", direct.URL)
			return
		}
		Tunnel(c, r, tunnelled.Listener.Addr().String())
	})
	tr := newTraveller(t, network{proxy: func(r *http.Request) (*url.URL, error) {
		if r.URL.Hostname() == publicHost {
			return nil, nil
		}
		return &url.URL{Scheme: "http", Host: address, User: url.UserPassword("me", "s3cret")}, nil
	}}, nil)
	tr.goes("http://a.test/x", "")
	tr.goes("https://a.test/x", "")
	tr.close()
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

// NoProxy is a value of NO_PROXY, and ProxyChoices who is asked without a proxy then:
// row A162 of the catalogue.
const NoProxy = "one.test,.below.test,203.0.113.0/24,port.test:8080,2001:db8::/32"

// ProxyChoices is described at [NoProxy].
func ProxyChoices() map[string]bool {
	return map[string]bool{
		"http://a.test/": false, "https://a.test/": false, "http://one.test/": true, "https://www.one.test/": true,
		"http://below.test/": false, "http://www.below.test/": true, "http://203.0.113.7/": true, "http://203.0.114.7/": false,
		"http://port.test:8080/": true, "http://port.test/": false, "http://[2001:db8::1]/": true, "http://[2001:db9::1]/": false,
		"http://[fe80::1%25one.test]/": false, // CVE-2025-22870
		"http://127.0.0.1/":            true, "http://localhost/": true,
	}
}

// TestProxyFromEnvironment reads the environment, which happens once in a process:
// so this is one of its own.
func TestProxyFromEnvironment(t *testing.T) {
	const proxy = "http://127.0.0.1:3128"
	if os.Getenv("GRAB_TEST_PROXY") == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyFromEnvironment$")
		cmd.Env = []string{"GRAB_TEST_PROXY=1", "HTTP_PROXY=" + proxy, "HTTPS_PROXY=127.0.0.1:3128", "NO_PROXY=" + NoProxy}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for image, direct := range ProxyChoices() {
		want := proxy
		if direct {
			want = "<nil>"
		}
		req, err := http.NewRequest(http.MethodGet, image, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := proxyOf(req); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v; want %s", image, got, err, want)
		}
	}
}

// TestBadProxyInTheEnvironment plays B57: a proxy that is none does not mean that
// there is none.
func TestBadProxyInTheEnvironment(t *testing.T) {
	for _, value := range []string{"http://[bad", "http://%zz", "ftp://127.0.0.1", "http://", "me:s3cret@[bad"} {
		t.Setenv("HTTP_PROXY", value)
		tr := newTraveller(t, network{proxy: proxyOf}, nil)
		if r := tr.goes("http://a.test/x", ClassProxy, "HTTP_PROXY"); strings.Contains(r.Error, "s3cret") {
			t.Errorf("%s", r.Error)
		}
	}
}
