package fetch

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/nettest"
	"grab/downloader/internal/work"
)

// loopbackForms returns ways to write 127.0.0.1 and its names as the host of a URL.
func loopbackForms() []string {
	return []string{
		"127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F.0.0.0x1", "0177.0.0.01", "017700000001",
		"１２７.0.0.1", "127。0。0。1", "127．1", "①②⑦.0.0.1", "%31%32%37.1", "127.0.0.1%2e", "１２７％2e1", "127.0\u00ad.0.1",
		"[::1]", "[::1%25lo]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::127.0.0.1]", "[::127.0.0.1]",
		"localhost", "LOCALHOST", "localhost.", "a.localhost", "ｌｏｃａｌｈｏｓｔ", "0", "0.0.0.0", "[::]",
	}
}

// askedProxy is a proxy of any kind, which keeps the hosts that it is asked for. It
// answers with a picture, or with a redirect to what follows /to/.
type askedProxy struct {
	mu    sync.Mutex
	hosts []string
}

func (p *askedProxy) asked(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hosts = append(p.hosts, host)
}

func (p *askedProxy) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	hosts := p.hosts
	p.hosts = nil
	return hosts
}

// serve speaks SOCKS5 (RFC 1928) if the first byte says so, and HTTP otherwise.
func (p *askedProxy) serve(c net.Conn, r *bufio.Reader) {
	first, err := r.Peek(1)
	if err != nil {
		return
	}
	socks := first[0] == 5
	if socks {
		p.asked(p.greet(c, r))
	}
	for {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		if !socks {
			p.asked(req.Host)
		}
		if req.Method == http.MethodConnect {
			io.WriteString(c, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
			return
		}
		if _, target, found := strings.Cut(req.RequestURI, "/to/"); found {
			target, _ = url.PathUnescape(target)
			fmt.Fprintf(c, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", target)
			continue
		}
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(nettest.OKBody), nettest.OKBody)
	}
}

// greet accepts a SOCKS connection, and returns the host that it is for.
func (p *askedProxy) greet(c net.Conn, r *bufio.Reader) string {
	head := make([]byte, 2)
	if _, err := io.ReadFull(r, head); err != nil {
		return err.Error()
	}
	_, _ = r.Discard(int(head[1]))
	_, _ = c.Write([]byte{5, 0})
	request := make([]byte, 4)
	if _, err := io.ReadFull(r, request); err != nil {
		return err.Error()
	}
	size := map[byte]int{1: 4, 4: 16}[request[3]]
	if request[3] == 3 {
		n, _ := r.ReadByte()
		size = int(n)
	}
	host := make([]byte, size+2)
	_, _ = io.ReadFull(r, host)
	_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	port := binary.BigEndian.Uint16(host[size:])
	if request[3] == 3 {
		return fmt.Sprintf("%s:%d", host[:size], port)
	}
	return fmt.Sprintf("%v:%d", net.IP(host[:size]), port)
}

// TestNoFormOfAnAddressPassesAProxy checks that no proxy of any kind is asked for this
// machine: by a list with DenyPrivate, and by a redirect of a public server without it.
func TestNoFormOfAnAddressPassesAProxy(t *testing.T) {
	proxy := &askedProxy{}
	address := nettest.StartProxy(t, privateHost+":0", proxy.serve)
	for _, kind := range []string{"http", "socks5", "socks5h"} {
		through := client.Network{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(kind + "://" + address) }}
		strict := newTraveller(t, through, func(o *downloader.Options) { o.DenyPrivate = true })
		loose := newTraveller(t, through, nil)
		for _, form := range loopbackForms() {
			if strings.Contains(form, "％") { // maps to a percent sign, which no host has
				if r := strict.fetches("http://" + form + "/x"); r.Class != downloader.ClassURL {
					t.Errorf("%+v", r)
				}
				continue
			}
			for _, scheme := range []string{"http", "https"} { // https is asked for by CONNECT
				target := scheme + "://" + form + "/x"
				if r := strict.goes(target, downloader.ClassPolicy, "private addresses are refused"); len(proxy.take()) != 0 {
					t.Errorf("%s to %s: %+v", kind, target, r)
				}
				from := "http://public.test/to/" + url.PathEscape(target)
				for name, tr := range map[string]traveller{"strict": strict, "loose": loose} {
					r := tr.goes(from, downloader.ClassPolicy)
					for _, host := range proxy.take() {
						if strings.TrimSuffix(host, ":80") != "public.test" {
							t.Errorf("%s, %s, redirected to %s: asked for %s: %+v", kind, name, target, host, r)
						}
					}
				}
			}
		}
		strict.goes("http://１.１.１.１/x", "")
		if got := strings.TrimSuffix(fmt.Sprint(proxy.take()), ":80]"); strings.TrimSuffix(got, "]") != "[1.1.1.1" {
			t.Errorf("%s: asked for %s", kind, got)
		}
		loose.goes("http://127.1/x", "") // a list may name private hosts
		proxy.take()
	}
}

// TestNoFormOfAnAddressPassesDirectly has no proxy, and a canary on the loopback address.
func TestNoFormOfAnAddressPassesDirectly(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	canary := startStation(t, privateHost+":0").start(t)
	strict := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.DenyPrivate, o.Retries = true, 0 })
	loose := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.Retries = 0 })
	for _, form := range loopbackForms() {
		target := "http://" + form + canary.port() + "/x"
		for _, tr := range []traveller{strict, loose} {
			from := public.URL + "/to/" + target
			if tr == strict {
				tr.refuses(target, form)
			}
			tr.refuses(from, form)
		}
	}
	canary.heard(t, 0, 0)
	loose.goes("http://１２７.1"+canary.port()+"/x", "")
	canary.heard(t, 1, 1)
}

// refuses fetches a URL in vain. A name that has no address here, and an IPv6 address
// where there is no IPv6, fail before the guard sees them.
func (tr traveller) refuses(raw, form string) {
	tr.t.Helper()
	r := tr.fetches(raw)
	switch r.Class {
	case downloader.ClassPolicy:
		return
	case downloader.ClassURL, downloader.ClassProtocol:
		if strings.Contains(form, "％") {
			return
		}
	case downloader.ClassDNS, downloader.ClassDNSNotFound, downloader.ClassConnect:
		if strings.HasPrefix(form, "[") || strings.Contains(form, "localhost") {
			return
		}
	}
	tr.t.Errorf("%s: %q, %s", raw, r.Class, r.Error)
}

func (tr traveller) fetches(raw string) downloader.Result {
	return tr.Do(tr.t.Context(), work.Job{Item: downloader.Item{URL: raw}}).Result
}
