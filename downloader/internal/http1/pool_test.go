package http1

import (
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
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
		t.Errorf("%d closed, %d left", closed, p.count)
	}
	p.put(first, 9, time.Hour)
	first.idleSince = time.Now().Add(-time.Hour - 1)
	p.put(second, 9, time.Hour+time.Minute)
	if p.put(third, 9, time.Hour); closed != 2 || p.count != 2 {
		t.Errorf("%d closed, %d left", closed, p.count)
	}
	p.put(first, 9, time.Hour)
	if p.remove(a) != first { // the last one used
		t.Error("not the most recently used connection")
	}
	p.put(first, 9, time.Hour)
	if p.distrust(a); closed != 4 || p.count != 1 || p.newest != second {
		t.Errorf("%d closed, %d left", closed, p.count)
	}
	if p.put(first, 9, time.Hour); closed != 5 || p.count != 1 {
		t.Errorf("%d closed, %d left", closed, p.count)
	}
	if p.closeAll(); closed != 6 || p.count != 0 {
		t.Errorf("%d closed, %d left", closed, p.count)
	}
}

// TestPoolOfMany takes and puts connections to many targets at random, as a model does that
// searches them all.
func TestPoolOfMany(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	closed, model := 0, []*conn{}
	var p pool
	for range 20_000 {
		to := target{false, string(rune('a' + random.IntN(20)))}
		switch random.IntN(20) {
		case 0:
			p.distrust(to)
			clear(p.suspects)
			model = slices.DeleteFunc(model, func(c *conn) bool { return c.target == to })
		case 1, 2, 3, 4, 5, 6, 7, 8:
			i := len(model) - 1
			for i >= 0 && model[i].target != to {
				i--
			}
			c := p.remove(to)
			if (c == nil) != (i < 0) || c != nil && c != model[i] {
				t.Fatal("another connection than the model's")
			}
			if i >= 0 {
				model = slices.Delete(model, i, i+1)
			}
		default:
			c := &conn{raw: closing{closed: &closed}, target: to}
			p.put(c, 50, time.Hour)
			if model = append(model, c); len(model) > 50 {
				model = model[1:]
			}
		}
		if p.count != len(model) {
			t.Fatalf("%d connections, want %d", p.count, len(model))
		}
	}
	if p.closeAll(); p.count != 0 || p.newest != nil || p.oldest != nil || len(p.idle) != 0 {
		t.Errorf("%+v", &p)
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
