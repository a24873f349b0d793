package fetch

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/names"
	"grab/downloader/internal/nettest"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// In these tests 127.0.0.2 counts as public. A canary is a server that must get no
// request.
const (
	publicHost  = "127.0.0.2"
	privateHost = "127.0.0.1"
)

// station is a server of pictures that counts its connections and requests. It answers
// /to/URL with a redirect.
type station struct {
	*httptest.Server
	mu          sync.Mutex
	connections int
	requests    []string
}

// startStation starts a station on an address, which may name its port.
func startStation(t *testing.T, address string) *station {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this system has no %s: %v", address, err)
	}
	s := &station{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.RequestURI)
		s.mu.Unlock()
		if target, found := strings.CutPrefix(r.RequestURI, "/to/"); found {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusFound)
			return
		}
		fmt.Fprint(w, nettest.OKBody)
	}))
	s.Listener.Close()
	s.Listener = l
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.mu.Lock()
			s.connections++
			s.mu.Unlock()
		}
	}
	s.EnableHTTP2 = true
	return s
}

func (s *station) start(t *testing.T) *station {
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *station) startTLS(t *testing.T) *station {
	if s.TLS == nil {
		s.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *station) port() string {
	return s.Listener.Addr().(*net.TCPAddr).AddrPort().String()[len(privateHost):]
}

// heard checks how many connections and requests a station has got.
func (s *station) heard(t *testing.T, connections, requests int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.connections != connections || len(s.requests) != requests {
		t.Errorf("%s: %d connections, requests %q; want %d and %d", s.URL, s.connections, s.requests, connections, requests)
	}
}

// traveller is a fetcher for which only publicHost is public.
type traveller struct {
	*Fetcher
	t *testing.T
}

// newTraveller returns a traveller whose network is n. It uses no proxy unless n does.
func newTraveller(t *testing.T, n client.Network, change func(*downloader.Options)) traveller {
	opts := downloader.Options{
		Mode: downloader.Sequential, Workers: 1, Dir: t.TempDir(),
		ConnectTimeout: 20 * time.Second, HeaderTimeout: 20 * time.Second, StallTimeout: 20 * time.Second,
		Retries: 3, RetryMin: time.Millisecond, RetryMax: time.Millisecond, MaxSize: 1 << 20, MaxRedirects: 10,
		Insecure: true, Verify: downloader.VerifyType,
	}
	if change != nil {
		change(&opts)
	}
	stager, err := stage.New(opts.Dir, false)
	if err != nil {
		t.Fatal(err)
	}
	if n.Proxy == nil {
		n.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	n.NonPublic = func(a netip.Addr) string {
		if a.Unmap() == netip.MustParseAddr(publicHost) {
			return ""
		}
		return client.NonPublic(a)
	}
	f := New(opts, n, stager, &live.Counters{}, nil)
	t.Cleanup(func() { f.Close(); stager.Close() })
	return traveller{f, t}
}

// goes fetches one URL, and checks the outcome.
func (tr traveller) goes(raw string, class downloader.Class, words ...string) downloader.Result {
	tr.t.Helper()
	r := tr.Do(tr.t.Context(), work.Job{Item: downloader.Item{URL: raw}}).Result
	if r.Class != class || r.Attempts != 1 {
		tr.t.Errorf("%s: class %q, %d attempts (%s); want %q, 1", raw, r.Class, r.Attempts, r.Error, class)
	}
	for _, word := range words {
		if !strings.Contains(r.Error, word) {
			tr.t.Errorf("%s: the error %q does not say %q", raw, r.Error, word)
		}
	}
	return r
}

// TestPublicLeadsToPublicOnly has a public server that redirects to a canary, in all
// ways of naming it.
func TestPublicLeadsToPublicOnly(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	canary := startStation(t, privateHost+":0").start(t)
	tr := newTraveller(t, client.Network{}, nil)
	for _, target := range []string{
		canary.URL + "/x",
		strings.TrimPrefix(canary.URL, "http:") + "/x",
		"http://localhost" + canary.port() + "/x",
		"http://[::ffff:127.0.0.1]" + canary.port() + "/x",
		"http://[::ffff:7f00:1]" + canary.port() + "/x",
		"http://user:pass@127.0.0.1" + canary.port() + "/x",
		public.URL + "/to/" + canary.URL + "/x",
	} {
		r := tr.goes(public.URL+"/to/"+target, downloader.ClassPolicy, "127.0.0.1"+canary.port(), "a loopback address", "redirect", "/x leads to")
		if r.HTTPStatus != 0 || strings.Contains(r.Error, "pass") {
			t.Errorf("%+v", r)
		}
	}
	for target, kind := range map[string]string{
		"http://169.254.169.254/latest/meta-data/": "a link-local address",
		"http://10.1.2.3/":                         "a private address",
		"http://100.64.0.1/":                       "a provider's internal address",
		"http://192.0.2.1/":                        "a reserved address",
		"http://255.255.255.255/":                  "a reserved address",
		"http://0.0.0.0" + canary.port() + "/":     "address",
		"http://224.0.0.1/":                        "a multicast address",
		"https://10.1.2.3/":                        "a private address",
	} {
		tr.goes(public.URL+"/to/"+target, downloader.ClassPolicy, kind, target)
	}
	for _, target := range []string{ // these need IPv6 here to fail so early
		"http://[::1]" + canary.port() + "/", "http://[fe80::1%25lo]/", "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/", "http://[::]" + canary.port() + "/",
	} {
		if r := tr.Do(t.Context(), work.Job{Item: downloader.Item{URL: public.URL + "/to/" + target}}).Result; r.Class != downloader.ClassPolicy && r.Class != downloader.ClassConnect {
			t.Errorf("%s: %s: %s", target, r.Class, r.Error)
		}
	}
	canary.heard(t, 0, 0)
	tr.goes(public.URL+"/to/"+public.URL+"/to/"+public.URL+"/x", "")
}

// TestPrivateLeadsAnywhere follows a list that names private hosts. After a redirect to
// a public server, there is no way back.
func TestPrivateLeadsAnywhere(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	private := startStation(t, privateHost+":0").start(t)
	tr := newTraveller(t, client.Network{}, nil)
	tr.goes(private.URL+"/x", "")
	tr.goes(private.URL+"/to/"+private.URL+"/to/"+private.URL+"/x", "")
	tr.goes(private.URL+"/to/"+public.URL+"/x", "")
	private.heard(t, 1, 5)
	tr.goes(private.URL+"/to/"+public.URL+"/to/"+private.URL+"/x", downloader.ClassPolicy, "a public server")
	private.heard(t, 1, 6)
}

// TestConnectionsDoNotLeadOverTheBorder leaves an idle connection to a private server,
// over HTTP/1.1 and HTTP/2, before a public server redirects there.
func TestConnectionsDoNotLeadOverTheBorder(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		public := startStation(t, publicHost+":0").startTLS(t)
		private := startStation(t, privateHost+":0").startTLS(t)
		tr := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.HTTP2 = http2 })
		tr.goes(private.URL+"/x", "")
		tr.goes(public.URL+"/to/"+private.URL+"/x", downloader.ClassPolicy, "a loopback address")
		tr.goes(private.URL+"/x", "")
		private.heard(t, 1, 2)
	}
}

// TestDenyPrivate checks that nothing is sent to a private address, whether from the
// list or after a redirect.
func TestDenyPrivate(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	canary := startStation(t, privateHost+":0").start(t)
	tr := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.DenyPrivate = true })
	for _, target := range []string{canary.URL + "/x", "http://localhost" + canary.port() + "/x", public.URL + "/to/" + canary.URL + "/x"} {
		tr.goes(target, downloader.ClassPolicy, "/x leads to 127.0.0.1"+canary.port()+", a loopback address: private addresses are refused")
	}
	canary.heard(t, 0, 0)
	tr.goes(public.URL+"/to/"+public.URL+"/x", "")
}

// TestNoBorderToTheEmbeddedServer has all hosts mapped to one address.
func TestNoBorderToTheEmbeddedServer(t *testing.T) {
	server := startStation(t, privateHost+":0").start(t)
	tr := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.DialTo, o.DenyPrivate = server.Listener.Addr().String(), true })
	tr.goes("http://a.test/to/http://10.0.0.1/to/http://b.test/x", "")
	server.heard(t, 3, 3)
}

// TestBorderWithAProxy has a proxy on a private address, as proxies are. The proxy
// makes the connections itself, so only a literal address can be checked.
func TestBorderWithAProxy(t *testing.T) {
	canary := startStation(t, privateHost+":0").start(t)
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.RequestURI)
		mu.Unlock()
		if target, found := strings.CutPrefix(r.URL.Path, "/to/"); found {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusFound)
			return
		}
		fmt.Fprint(w, nettest.OKBody)
	}))
	defer proxy.Close()
	for _, strict := range []bool{false, true} {
		tr := newTraveller(t, client.Network{Proxy: func(r *http.Request) (*url.URL, error) {
			if r.URL.Hostname() == privateHost {
				return nil, nil // as the environment has it
			}
			return url.Parse(proxy.URL)
		}}, func(o *downloader.Options) { o.DenyPrivate = strict })
		tr.goes("http://a.test/x", "")
		tr.goes("http://a.test/to/http://b.test/x", "")
		tr.goes("http://a.test/to/"+canary.URL+"/x", downloader.ClassPolicy, "a loopback address")
		tr.goes("http://a.test/to/http://10.0.0.1/x", downloader.ClassPolicy, "http://10.0.0.1/x leads to 10.0.0.1, a private address")
		want := 5
		if strict {
			tr.goes("http://10.0.0.1/x", downloader.ClassPolicy)
		} else {
			tr.goes("http://10.0.0.1/x", "")
			want++
		}
		mu.Lock()
		if len(asked) != want {
			t.Errorf("DenyPrivate %v: the proxy was asked for %q", strict, asked)
		}
		asked = nil
		mu.Unlock()
	}
	canary.heard(t, 0, 0)
	tr := newTraveller(t, client.Network{Proxy: func(*http.Request) (*url.URL, error) { return nil, errors.New("parse \"s3cret\"") }}, nil)
	for _, scheme := range []string{"http", "https"} {
		if r := tr.goes(scheme+"://a.test/x", downloader.ClassProxy, "HTTP_PROXY"); strings.Contains(r.Error, "s3cret") {
			t.Errorf("%+v", r)
		}
	}
}

// TestRebinding has a server whose names mean a public address at the first look-up, and a
// private one from then on. A name that is remembered keeps its public address.
func TestRebinding(t *testing.T) {
	public := startStation(t, publicHost+":0")
	public.Config.SetKeepAlivesEnabled(false)
	public.start(t)
	canary := startStation(t, privateHost+public.port()).start(t)
	tr := newTraveller(t, asking(rebinding(t, publicHost, privateHost)), nil)
	here, again := "http://rebind.test."+public.port(), "http://again.rebind.test."+public.port()
	tr.goes(here+"/to/"+again+"/x", downloader.ClassPolicy, again+"/x leads to 127.0.0.1"+public.port()+", a loopback address")
	public.heard(t, 1, 1)
	tr.goes(here+"/to/"+here+"/x", "")
	public.heard(t, 3, 3)
	canary.heard(t, 0, 0)
}

// TestRememberedAddressIsChecked has a list that names a private host. A public server
// must not redirect there, although its address is remembered.
func TestRememberedAddressIsChecked(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	private := startStation(t, privateHost+":0").start(t)
	tr := newTraveller(t, asking(resolver(t, func(int) []string { return []string{privateHost} })), nil)
	there := "http://inside.test." + private.port() + "/x"
	tr.goes(there, "")
	tr.goes(public.URL+"/to/"+there, downloader.ClassPolicy, "a loopback address")
	private.heard(t, 1, 1)
}

// TestAnyRefusedAddressRefuses has a name with a private address, and a public one
// where nothing answers.
func TestAnyRefusedAddressRefuses(t *testing.T) {
	for _, addresses := range [][]string{{publicHost, privateHost}, {privateHost, publicHost}} {
		canary := startStation(t, privateHost+":0").start(t)
		names := resolver(t, func(int) []string { return addresses })
		tr := newTraveller(t, asking(names), func(o *downloader.Options) { o.DenyPrivate = true })
		tr.goes("http://both.test."+canary.port()+"/x", downloader.ClassPolicy, "a loopback address")
		canary.heard(t, 0, 0)
	}
}

// asking returns a network whose names are looked up with a resolver.
func asking(r *net.Resolver) client.Network {
	return client.Network{Dialer: &net.Dialer{}, Names: &names.Resolver{Lookup: r.LookupNetIP}}
}

func rebinding(t *testing.T, first, then string) *net.Resolver {
	return resolver(t, func(n int) []string {
		if n == 1 {
			return []string{first}
		}
		return []string{then}
	})
}

// resolver looks up every name in answer, which gets the number of the question for
// IPv4 addresses, from 1. There are no IPv6 addresses.
func resolver(t *testing.T, answer func(n int) []string) *net.Resolver {
	server, err := net.ListenPacket("udp", privateHost+":0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() { server.Close(); serving.Wait() })
	serving.Go(func() {
		query, asked := make([]byte, 512), 0
		for {
			n, client, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			end := 12 // of the header; the name ends with an empty label
			for query[end] != 0 {
				end += int(query[end]) + 1
			}
			end += 5 // and the type and class
			reply := append([]byte(nil), query[:end]...)
			copy(reply[2:], []byte{0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}) // RFC 1035 section 4.1.1
			if n >= end && query[end-3] == 1 {
				asked++
				for _, a := range answer(asked) {
					reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
					reply = append(reply, netip.MustParseAddr(a).AsSlice()...)
					binary.BigEndian.PutUint16(reply[6:], binary.BigEndian.Uint16(reply[6:])+1)
				}
			}
			_, _ = server.WriteTo(reply, client)
		}
	})
	var dialer net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}
