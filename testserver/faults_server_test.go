package testserver

import (
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"grab/testserver/ledger"
)

func TestTimes(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	for uri, want := range map[string][]int{
		"a91?times=2":               {503, 503, 200, 200},
		"a92-retry-after":           {503, 200},
		"a92-retry-after?times=0":   {503, 503, 503},
		"a97-fails-first":           {503, 503, 200, 200},
		"a97-fails-odd":             {503, 200, 503, 200},
		"a98?size=2":                {503, 503, 200},
		"a90?status=451&times=1":    {451, 200},
		"a91?times=x":               {400},
		"a999-nothing":              {404},
		"fault/a91":                 {404},
		"a52-expired":               {421},
		"a70-chain?hops=0":          {200},
		"a71-loop?kind=new&times=1": {302, 200},
	} {
		name, query, _ := strings.Cut(uri, "?")
		noFollow(c)
		for i, status := range want {
			if r := get(t, c, s.URL("/fault/"+name+"/image/7.jpg?"+query)); r.StatusCode != status {
				t.Errorf("%s: request %d: status %d, want %d", uri, i, r.StatusCode, status)
			}
		}
	}
}

func TestFaultsBySeveralNames(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	addr, err := s.FaultAddr("a90")
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.FaultAddr("A90-refused")
	if err != nil || again != addr {
		t.Errorf("another address %s, %v", again, err)
	}
	for _, url := range []string{
		"http://x.test/fault/a90/image/7.jpg", "https://x.test/fault/a90-refused/7/7.jpg?blur",
		"http://a90-refused.fault.test/image/7.jpg", "https://one.more.a90.fault.test/image/7.jpg",
	} {
		if r := get(t, c, url); r.StatusCode != 404 || s.Ledger().Requests[0].Fault != "a90-refused" {
			t.Errorf("%s: status %d, ledger %+v", url, r.StatusCode, s.Ledger().Requests)
		}
		s.Reset()
	}
	direct := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if r := get(t, direct, "http://"+addr+"/image/7.jpg"); r.StatusCode != 404 {
		t.Errorf("at its address: status %d", r.StatusCode)
	}
	for _, url := range []string{"http://fault.test/image/7.jpg", "http://nothing.fault.test/image/7.jpg", "https://nothing.fault.test/image/7.jpg"} {
		if r := get(t, c, url); r.StatusCode != 200 {
			t.Errorf("%s: status %d", url, r.StatusCode)
		}
	}
	if r := get(t, c, s.URL("/")); !strings.Contains(string(r.data), "/fault/") || !strings.Contains(string(r.data), "a01-short") {
		t.Error("the index has no faults")
	}
}

func TestFaultAddrFails(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.FaultAddr("a40-accept"); err == nil {
		t.Error("an address before Start")
	}
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FaultAddr("a999"); err == nil {
		t.Error("an address for no fault")
	}
	s.Close()
	if _, err := s.FaultAddr("a40-accept"); err == nil {
		t.Error("an address after Close")
	}
}

// TestRedirectsEnd follows the redirects of faults to the image. It checks that the ledger
// shows what the client sent on the way.
func TestRedirectsEnd(t *testing.T) {
	whole, _ := Image("/image/7.jpg", 0)
	for _, uri := range []string{
		"a70", "a70?status=308&hops=9", "a76", "a76?kind=port", "a76?kind=scheme", "a77", "a77?kind=neighbour", "a78", "a79", "a81",
		"a82", "a82?kind=utf8", "a82?kind=backslash", "a82?kind=dots", "a82?kind=newline", "a82?kind=fragment",
		"a83", "a84", "a84?name=x.php", "a167?kind=location", "a168", "a75",
	} {
		for _, proto := range []string{"http", "https"} {
			s := start(t, Options{})
			name, query, _ := strings.Cut(uri, "?")
			url := proto + "://" + name + ".fault.test/image/7.jpg?" + query
			r := get(t, newClient(t, s), url, "X-Api-Key", "secret", "Authorization", "Basic eDp5")
			if r.StatusCode != 200 || string(r.data) != string(whole) {
				t.Errorf("%s: status %d and %d bytes from %s", url, r.StatusCode, len(r.data), r.Request.URL)
			}
			if q := s.Ledger().Requests[0]; q.Header["X-Api-Key"] != "secret" || q.Header["Authorization"] == "" {
				t.Errorf("%s: header %v", url, q.Header)
			}
		}
	}
}

func TestLedgerOfFaults(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	for _, url := range []string{s.URL("/fault/a01/image/7.jpg?at=1000"), s.TLSURL("/fault/a01/image/7.jpg?at=1000")} {
		s.Reset()
		resp := open(t, c, url)
		n, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if n != 1000 || err == nil {
			t.Errorf("%d bytes, %v", n, err)
		}
		q := s.Ledger().Requests
		if len(q) != 1 || q[0].Fault != "a01-short" || q[0].End != ledger.EndFault || q[0].Sent != 1000 || q[0].Planned != resp.ContentLength || q[0].Status != 200 {
			t.Errorf("ledger %+v", q)
		}
	}
	s.Reset()
	if _, err := c.Get("https://a52-expired.fault.test/image/1.jpg"); err == nil {
		t.Fatal("an expired certificate was accepted")
	}
	if err := s.Shutdown(soon(t)); err != nil {
		t.Fatal(err)
	}
	q := s.Ledger().Requests
	if len(q) != 1 || q[0].Method != "" || q[0].Proto != "TLS" || q[0].Host != "a52-expired.fault.test" || q[0].Fault != "a52-expired" {
		t.Errorf("ledger %+v", q)
	}
}

// TestCloseEndsFaults closes a server while faults hang.
func TestCloseEndsFaults(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	for _, name := range []string{"a31", "a32", "a35", "a45", "a46"} {
		defer open(t, c, s.URL("/fault/"+name+"/image/7.jpg")).Body.Close()
	}
	for _, url := range []string{
		s.TLSURL("/fault/a31/image/7.jpg"), s.TLSURL("/fault/a34/image/7.jpg"),
		"https://a46-vanish-h2.fault.test/image/7.jpg", "https://a62-empty-data.fault.test/image/7.jpg",
	} {
		defer open(t, c, url).Body.Close()
	}
	for _, name := range []string{"a19-ssh", "a51-silent-hello", "a41-no-syn", "a42-refused"} {
		if _, err := s.FaultAddr(name); err != nil {
			t.Fatal(err)
		}
	}
	ssh, _ := s.FaultAddr("a19-ssh")
	banner, err := net.Dial("tcp", ssh)
	if err != nil {
		t.Fatal(err)
	}
	defer banner.Close()
	if _, err := banner.Read(make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(started); d > 10*time.Second {
		t.Errorf("closing took %v", d)
	}
	l := s.Ledger()
	if l.InFlight != 0 || l.Total < 9 {
		t.Errorf("%d in flight, %d in all", l.InFlight, l.Total)
	}
	for _, q := range l.Requests {
		if q.Fault == "a31-stall" && q.End != ledger.EndClosed {
			t.Errorf("%s: %s", q.Proto, q.End)
		}
	}
}

func TestGoneClientEndsFaults(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	for _, url := range []string{s.URL("/fault/a31/image/7.jpg"), s.TLSURL("/fault/a31/image/7.jpg"), s.URL("/fault/a34/image/7.jpg")} {
		resp := open(t, c, url)
		if _, err := io.CopyN(io.Discard, resp.Body, 100); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if err := s.Shutdown(soon(t)); err != nil {
		t.Fatal(err)
	}
	for _, q := range s.Ledger().Requests {
		if q.End != ledger.EndClientGone {
			t.Errorf("%s %s: %s", q.Proto, q.Fault, q.End)
		}
	}
}

func TestCertificateTurnsBad(t *testing.T) {
	s := start(t, Options{})
	for i, ok := range []bool{true, false, false} {
		c := newClient(t, s)
		req, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://a54.fault.test/image/1.jpg", nil)
		resp, err := c.Do(req)
		if (err == nil) != ok {
			t.Errorf("connection %d: %v", i, err)
		}
		if err == nil {
			resp.Body.Close()
		}
	}
}

// TestSiblingsAreUnharmed requests two images on one connection of HTTP/2. Only the first
// one is reset.
func TestSiblingsAreUnharmed(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	const url = "https://a58-reset-some.fault.test/image/7.jpg"
	first := open(t, c, url)
	if r := get(t, c, url); len(r.data) == 0 || r.StatusCode != 200 {
		t.Errorf("the second has %d bytes", len(r.data))
	}
	if _, err := io.Copy(io.Discard, first.Body); err == nil {
		t.Error("the first is whole")
	}
	first.Body.Close()
	if l := s.Ledger(); l.Connections != 1 {
		t.Errorf("%d connections", l.Connections)
	}
}

// TestFaultsAtTheirAddress reaches faults by address, without a host that names them.
func TestFaultsAtTheirAddress(t *testing.T) {
	s := start(t, Options{})
	whole, _ := Image("/image/7.jpg", 0)
	for name, want := range map[string]string{
		"a52-expired": "expired", "a57-refused": "^200 whole$", "a59": "HTTP_1_1_REQUIRED", "a01": "^200 part, unexpected EOF$", "a55-plain": "HTTP response",
	} {
		addr, err := s.FaultAddr(name)
		if err != nil {
			t.Fatal(err)
		}
		c := newClient(t, s)
		c.Transport.(*http.Transport).DialContext = nil
		got := outcome(c, "https://"+addr+"/image/7.jpg", whole, time.Minute)
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
