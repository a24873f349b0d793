package http1

import (
	"net"
	"runtime"
	"testing"
	"time"
)

// closing counts its Close.
type closing struct {
	net.Conn
	closed *int
}

func (c closing) Close() error { *c.closed++; return nil }

// TestPool keeps connections up to a number and an age, and none to a target that is
// distrusted.
func TestPool(t *testing.T) {
	a, b := target{false, "a"}, target{true, "a"}
	closed := 0
	c := func(to target) *conn { return &conn{raw: closing{closed: &closed}, target: to} }
	var p pool
	first, second, third := c(a), c(b), c(a)
	p.put(first, 2, time.Hour)
	p.put(second, 2, time.Hour)
	if p.put(third, 2, time.Hour); closed != 1 || p.remove(b) != second || p.remove(b) != nil || p.remove(a) != third || p.remove(a) != nil {
		t.Errorf("%d closed, %d left", closed, len(p.idle))
	}
	p.put(first, 9, time.Hour)
	first.idleSince = time.Now().Add(-time.Hour - 1)
	p.put(second, 9, time.Hour+time.Minute)
	if p.put(third, 9, time.Hour); closed != 2 || len(p.idle) != 2 {
		t.Errorf("%d closed, %d left", closed, len(p.idle))
	}
	p.put(first, 9, time.Hour)
	if p.remove(a) != first { // the last one used
		t.Error("not the most recently used connection")
	}
	p.put(first, 9, time.Hour)
	if p.distrust(a); closed != 4 || len(p.idle) != 1 || p.idle[0] != second {
		t.Errorf("%d closed, %d left", closed, len(p.idle))
	}
	if p.put(first, 9, time.Hour); closed != 5 || len(p.idle) != 1 {
		t.Errorf("%d closed, %d left", closed, len(p.idle))
	}
	if p.closeAll(); closed != 6 || len(p.idle) != 0 {
		t.Errorf("%d closed, %d left", closed, len(p.idle))
	}
}

// TestSuspect checks which responses are in doubt: those that come in less than half of the
// shortest time so far, on a used connection.
func TestSuspect(t *testing.T) {
	sent := time.Now()
	for _, c := range []struct {
		reused               bool
		fastest, took, doubt time.Duration // doubt: from the request on; 0: none
		then                 time.Duration // the shortest time
	}{
		{false, 0, 10 * time.Millisecond, 0, 10 * time.Millisecond},
		{false, time.Millisecond, 10 * time.Millisecond, 0, 10 * time.Millisecond},
		{false, 10 * time.Millisecond, time.Millisecond, 0, time.Millisecond},
		{true, 10 * time.Millisecond, 20 * time.Millisecond, 0, 10 * time.Millisecond},
		{true, 10 * time.Millisecond, 5 * time.Millisecond, 0, 5 * time.Millisecond},
		{true, 10 * time.Millisecond, 4 * time.Millisecond, 20 * time.Millisecond, 4 * time.Millisecond},
		{true, time.Second, time.Millisecond, longestDoubt, time.Millisecond},
	} {
		conn := &conn{reused: c.reused, fastest: c.fastest, doubt: sent.Add(time.Hour)}
		conn.suspect(sent, sent.Add(c.took))
		doubt := time.Duration(0)
		if !conn.doubt.IsZero() {
			doubt = conn.doubt.Sub(sent)
		}
		if doubt != c.doubt || conn.fastest != c.then {
			t.Errorf("%+v: in doubt for %v, the shortest time is %v", c, doubt, conn.fastest)
		}
	}
}

// TestLook looks at idle connections whose server does one thing or another.
func TestLook(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, c := range map[string]struct {
		do   func(server net.Conn)
		want sight
	}{
		"silence":  {func(net.Conn) {}, quiet},
		"stranger": {func(s net.Conn) { _, _ = s.Write([]byte("HTTP/1.1 200 OK\r\n")) }, talking},
		"goodbye":  {func(s net.Conn) { _, _ = s.Write([]byte("HTTP/1.1 408 Request Timeout\r\n")) }, gone},
		"close":    {func(s net.Conn) { _ = s.Close() }, gone},
	} {
		raw, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		idle := newConn(raw, raw, target{})
		idle.headersLeft = 1 << 20
		if got := idle.look(); got != quiet {
			t.Errorf("%s: %v before it", name, got)
		}
		c.do(server)
		for began := time.Now(); idle.look() == quiet && c.want != quiet && time.Since(began) < 10*time.Second; { // until it has come
			runtime.Gosched()
		}
		idle.doubt = time.Now().Add(-time.Second) // it is over
		if seen, settled := idle.look(), idle.settle(); seen != c.want || settled != c.want {
			t.Errorf("%s: looks %v, settles as %v; want %v", name, seen, settled, c.want)
		}
		_ = raw.Close()
		_ = server.Close()
		if got := idle.look(); got != gone {
			t.Errorf("%s: %v after its end", name, got)
		}
	}
}
