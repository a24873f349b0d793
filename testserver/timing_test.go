package testserver

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/testserver/listen"
)

func TestLatency(t *testing.T) {
	o := Options{Latency: 100 * time.Millisecond}
	if d := latency(o, "/a", 0); d != o.Latency {
		t.Errorf("without jitter: %v", d)
	}
	o.Jitter = 40 * time.Millisecond
	var sum, low, high time.Duration = 0, time.Hour, 0
	const n = 10_000
	for i := range n {
		d := latency(o, "/a", i)
		if d != latency(o, "/a", i) {
			t.Fatal("not a function of its arguments")
		}
		sum, low, high = sum+d, min(low, d), max(high, d)
	}
	if low < 60*time.Millisecond || low > 61*time.Millisecond || high > 140*time.Millisecond || high < 139*time.Millisecond {
		t.Errorf("from %v to %v", low, high)
	}
	if mean := sum / n; mean < 98*time.Millisecond || mean > 102*time.Millisecond {
		t.Errorf("mean %v", mean)
	}
	reseeded := o
	reseeded.Seed = 1
	if d := latency(o, "/a", 0); d == latency(o, "/b", 0) || d == latency(o, "/a", 1) || d == latency(reseeded, "/a", 0) {
		t.Error("URI, count or seed make no difference")
	}
	o.Jitter = time.Hour
	for i := range 100 {
		if d := latency(o, "/a", i); d < 0 {
			t.Errorf("latency %v", d)
		}
	}
}

func TestCounts(t *testing.T) {
	var v counts
	for want := range 3 {
		if n := v.add("/a"); n != want {
			t.Errorf("visit %d: %d earlier ones", want, n)
		}
	}
	if n := v.add("/b"); n != 0 {
		t.Errorf("another URI: %d earlier ones", n)
	}
	v.reset()
	if n := v.add("/a"); n != 0 {
		t.Errorf("after the reset: %d earlier ones", n)
	}
}

// pipes is a listener without a network, for servers in a synctest bubble.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	p.conns <- there
	return here, nil
}

// startPipes starts a server on pipes.
func startPipes(t *testing.T, o Options) (*Server, *pipes) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	s.running = serve(p, s.handler)
	return s, p
}

func TestLatencyAndBandwidth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := startPipes(t, Options{Latency: 100 * time.Millisecond, Bandwidth: 10_000})
		defer s.Close()
		tr := &http.Transport{DialContext: p.dial}
		defer tr.CloseIdleConnections()
		c := &http.Client{Transport: tr}

		started := time.Now()
		get(t, c, "http://grab.test/status/204")
		if d := time.Since(started); d != 0 {
			t.Errorf("status took %v", d)
		}
		r := open(t, c, "http://grab.test/image/1.jpg?bytes=25000")
		defer r.Body.Close()
		if d := time.Since(started); d != 100*time.Millisecond {
			t.Errorf("first byte after %v", d)
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Fatal(err)
		}
		if d := time.Since(started); d != 2600*time.Millisecond {
			t.Errorf("last byte after %v", d)
		}
		if q := s.Ledger().Requests[1]; q.Seconds != 2.6 || q.Sent != 25000 {
			t.Errorf("ledger: %d bytes in %v s", q.Sent, q.Seconds)
		}
	})
}

func TestSilentConnectionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := startPipes(t, Options{})
		defer s.Close()
		c, _ := p.dial(t.Context(), "", "")
		defer c.Close()
		started := time.Now()
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("read something")
		}
		if d := time.Since(started); d != listen.SniffTimeout {
			t.Errorf("closed after %v", d)
		}
	})
}
