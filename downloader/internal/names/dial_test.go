package names

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader/internal/nettest"
)

// remote is a connection to an address.
type remote struct {
	net.Conn
	addr netip.Addr
}

func (r remote) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.AddrPortFrom(r.addr, 80)) }

// world connects to addresses that answer, refuse or are silent.
type world struct {
	behaviour map[string]string // by address; "": answers at once

	mu     sync.Mutex
	dialed []string
}

func (w *world) dial(ctx context.Context, addr netip.Addr) (net.Conn, error) {
	w.mu.Lock()
	w.dialed = append(w.dialed, addr.String())
	w.mu.Unlock()
	switch w.behaviour[addr.String()] {
	case "silent":
		<-ctx.Done()
		return nil, fmt.Errorf("%v: %w", addr, ctx.Err())
	case "refuses":
		return nil, fmt.Errorf("%v refuses", addr)
	}
	c, other := net.Pipe()
	_ = other.Close()
	return remote{c, addr}, nil
}

func addrs(texts ...string) (all []netip.Addr) {
	for _, text := range texts {
		all = append(all, netip.MustParseAddr(text))
	}
	return all
}

const (
	six, otherSix   = "2001:db8::1", "2001:db8::2"
	four, otherFour = "192.0.2.1", "192.0.2.2"
)

// TestRace checks which address is connected to, and when (RFC 8305).
func TestRace(t *testing.T) {
	for _, tt := range []struct {
		behaviour map[string]string
		want      string // the address, or the error
		after     time.Duration
		dialed    string
	}{
		{nil, six, 0, six},
		{map[string]string{six: "refuses"}, otherSix, 0, six + " " + otherSix},
		{map[string]string{six: "refuses", otherSix: "refuses"}, four, 0, six + " " + otherSix + " " + four},
		{map[string]string{six: "silent"}, four, 300 * time.Millisecond, six + " " + four},
		{map[string]string{six: "silent", four: "silent"}, otherSix, 5 * time.Second, six + " " + four + " " + otherSix},
		{map[string]string{six: "refuses", otherSix: "refuses", four: "refuses", otherFour: "refuses"}, six + " refuses", 0, six + " " + otherSix + " " + four + " " + otherFour},
		{map[string]string{six: "silent", otherSix: "silent", four: "silent", otherFour: "silent"}, six + ": context deadline exceeded", 10 * time.Second, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{behaviour: tt.behaviour}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			began := time.Now()
			conn, err := race(ctx, w.dial, addrs(six, otherSix), addrs(four, otherFour))
			got := fmt.Sprint(err)
			if err == nil {
				got = conn.(remote).addr.String()
				_ = conn.Close()
			}
			if took := time.Since(began); got != tt.want || took != tt.after {
				t.Errorf("%v: %s after %v, want %s after %v", tt.behaviour, got, took, tt.want, tt.after)
			}
			if dialed := strings.Join(w.dialed, " "); tt.dialed != "" && dialed != tt.dialed {
				t.Errorf("%v: dialed %s, want %s", tt.behaviour, dialed, tt.dialed)
			}
		})
	}
}

// TestFamilyIsLeft checks which family is tried first after one has failed.
func TestFamilyIsLeft(t *testing.T) {
	r := &Resolver{}
	firstOf := func(all ...string) string {
		first, others := r.order("a.test", addrs(all...))
		return fmt.Sprint(first, others)
	}
	if got := firstOf(six, four, otherSix); got != "[2001:db8::1 2001:db8::2] [192.0.2.1]" {
		t.Error(got)
	}
	r.Failed("a.test", net.TCPAddrFromAddrPort(netip.MustParseAddrPort("["+six+"]:443")))
	if got := firstOf(six, four, otherSix); got != "[192.0.2.1] [2001:db8::1 2001:db8::2]" {
		t.Error(got)
	}
	if got := firstOf(six, otherSix); got != "[2001:db8::1 2001:db8::2] []" {
		t.Error(got)
	}
	r.Failed("a.test", net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[::ffff:192.0.2.1]:443")))
	if got := firstOf(six, four); got != "[2001:db8::1] [192.0.2.1]" {
		t.Error(got)
	}
	r.Failed(four, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(four+":443"))) // no name
	if len(r.left) != 1 {
		t.Errorf("%v", r.left)
	}
}

// TestDialLeavesAFamily dials a name whose first family fails, twice.
func TestDialLeavesAFamily(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	r := &Resolver{Timeout: 10 * time.Second, Lookup: func(context.Context, string, string) ([]netip.Addr, error) {
		return addrs("::1", "127.0.0.1"), nil
	}}
	var dialed []string
	d := &net.Dialer{}
	for range 2 {
		conn, err := r.Dial(t.Context(), d, "tcp", "a.test:"+port)
		if err != nil {
			t.Fatal(err)
		}
		dialed = append(dialed, conn.RemoteAddr().String())
		_ = conn.Close()
	}
	if first, _ := r.order("a.test", addrs("::1", "127.0.0.1")); first[0].String() != "127.0.0.1" {
		t.Errorf("dialed %v, and then %v", dialed, first)
	}
	_, err = r.Dial(t.Context(), d, "tcp", "a.test:1")
	if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op != "dial" {
		t.Errorf("%v", err)
	}
}

// TestServers asks name servers of which some fail. Whichever answers is asked first from
// then on.
func TestServers(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	server := func(name string, answer func(nettest.Question) []byte) netip.AddrPort {
		return netip.MustParseAddrPort(nettest.StartNames(t, "127.0.0.1:0", func(q nettest.Question) []byte {
			mu.Lock()
			defer mu.Unlock()
			asked[name]++
			return answer(q)
		}))
	}
	refuses := server("refuses", func(q nettest.Question) []byte { return q.Answer(5) })
	good := server("good", func(q nettest.Question) []byte {
		if q.Name == "good.test" {
			return q.Answer(0, "192.0.2.1")
		}
		return q.Answer(3)
	})
	lookup := Servers([]netip.AddrPort{refuses, good})
	for range 2 {
		found, err := lookup(t.Context(), "ip4", "good.test.")
		if err != nil || fmt.Sprint(found) != "[192.0.2.1]" {
			t.Errorf("%v, %v", found, err)
		}
	}
	mu.Lock()
	if asked["refuses"] == 0 || asked["good"] != 2 {
		t.Errorf("asked %v", asked)
	}
	before := asked["refuses"]
	mu.Unlock()
	if _, err := lookup(t.Context(), "ip4", "bad.test."); !isMissing(err) || !strings.Contains(err.Error(), good.String()) {
		t.Errorf("%v", err)
	}
	mu.Lock()
	if asked["refuses"] != before {
		t.Errorf("asked %v", asked)
	}
	mu.Unlock()
	if _, err := Servers([]netip.AddrPort{refuses})(t.Context(), "ip4", "bad.test."); err == nil || isMissing(err) || !strings.Contains(err.Error(), refuses.String()) {
		t.Errorf("%v", err)
	}
	silent := server("silent", func(nettest.Question) []byte { return nil })
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if found, err := Servers([]netip.AddrPort{silent, good})(ctx, "ip4", "good.test."); err != nil || len(found) != 1 {
		t.Errorf("after a silent server: %v, %v", found, err)
	}
}
