package nettest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// StartProxy starts a proxy on an address, and returns the address that it got.
// serve handles each connection.
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

// respond returns a function that answers one request with text.
func respond(text string) func(net.Conn, *bufio.Reader) {
	return func(c net.Conn, r *bufio.Reader) {
		if _, err := http.ReadRequest(r); err == nil {
			io.WriteString(c, text)
		}
	}
}

// ProxyFault is a way in which a proxy fails.
type ProxyFault struct {
	What    string
	Scheme  string // of the proxy's URL
	Serve   func(net.Conn, *bufio.Reader)
	Plain   bool   // the image's URL is http, and not https
	Again   bool   // another attempt may help
	Message string // part of the error
}

// ProxyFaults returns the faults of row A160 of the catalogue.
func ProxyFaults() []ProxyFault {
	refusal := func(status string) string { return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n" }
	silence := func(c net.Conn, _ *bufio.Reader) { io.Copy(io.Discard, c) }
	return []ProxyFault{
		{"forbids", "http", respond(refusal("403 No")), false, false, "403 Forbidden"},
		{"requires a password", "http", respond(refusal("407 Who?")), false, false, "407 Proxy Authentication Required"},
		{"requires a password for http", "http", respond(refusal("407 Who?")), true, false, "407 Proxy Authentication Required"},
		{"cannot reach the host", "http", respond(refusal("502 Bad")), false, true, "502 Bad Gateway"},
		{"is in maintenance", "http", respond(refusal("503 Later")), false, true, "503 Service Unavailable"},
		{"hangs up", "http", respond(""), false, true, "EOF"},
		{"talks nonsense", "http", respond("SSH-2.0-OpenSSH_9.2\r\n"), false, true, "malformed"},
		{"is silent", "http", silence, false, true, "timeout"},
		{"does not speak SOCKS", "socks5", respond("HTTP/1.1 400 Bad Request\r\n\r\n"), true, true, "socks"},
		{"refuses over SOCKS", "socks5", func(c net.Conn, r *bufio.Reader) {
			if _, err := io.ReadFull(r, make([]byte, 4)); err == nil { // two methods, since there is a password
				c.Write([]byte{5, 0xff})
			}
		}, true, true, "socks"},
		{"is silent over SOCKS", "socks5", silence, false, true, "timeout"},
		{"does not speak TLS", "https", respond(refusal("400 Bad Request")), false, true, "TLS"},
	}
}

// Tunnel answers a CONNECT, and then copies between the client and an address.
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

// NoProxy is the value of NO_PROXY in row A162 of the catalogue.
const NoProxy = "one.test,.below.test,203.0.113.0/24,port.test:8080,2001:db8::/32"

// ProxyChoices reports for each URL whether it bypasses the proxy under [NoProxy].
func ProxyChoices() map[string]bool {
	return map[string]bool{
		"http://a.test/": false, "https://a.test/": false, "http://one.test/": true, "https://www.one.test/": true,
		"http://below.test/": false, "http://www.below.test/": true, "http://203.0.113.7/": true, "http://203.0.114.7/": false,
		"http://port.test:8080/": true, "http://port.test/": false, "http://[2001:db8::1]/": true, "http://[2001:db9::1]/": false,
		"http://[fe80::1%25one.test]/": false, // CVE-2025-22870
		"http://127.0.0.1/":            true, "http://localhost/": true,
	}
}
