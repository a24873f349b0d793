package names

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader/internal/nettest"
)

// TestShareOfTime checks how long each of several silent addresses is waited for: its part
// of the time that is left, and two seconds if there are so many.
func TestShareOfTime(t *testing.T) {
	for _, c := range []struct {
		timeout   time.Duration
		addresses int
		want      string
	}{
		{12 * time.Second, 1, "[12s]"}, {12 * time.Second, 3, "[4s 4s 4s]"}, {9 * time.Second, 4, "[2.25s 2.25s 2.25s 2.25s]"}, {5 * time.Second, 3, "[2s 2s 1s]"}, {time.Second, 1, "[1s]"}, {3 * time.Second, 2, "[2s 1s]"},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), c.timeout)
			defer cancel()
			var took []time.Duration
			dial := func(ctx context.Context, addr netip.Addr) (net.Conn, error) {
				began := time.Now()
				<-ctx.Done()
				took = append(took, time.Since(began))
				return nil, fmt.Errorf("%v: %w", addr, ctx.Err())
			}
			conn, err := inTurn(ctx, dial, addrs(six, otherSix, four, otherFour)[:c.addresses])
			if conn != nil || err == nil || err.Error() != six+": context deadline exceeded" {
				t.Errorf("%v, %v", conn, err)
			}
			if got := fmt.Sprint(took); got != c.want {
				t.Errorf("%d addresses in %v: %s, want %s", c.addresses, c.timeout, got, c.want)
			}
		})
	}
	if _, err := inTurn(t.Context(), nil, nil); err != errNoAddress {
		t.Errorf("no address: %v", err)
	}
}

// TestFamilies has the names of families.
func TestFamilies(t *testing.T) {
	for f, want := range map[Family]string{0: "ip IP 10", 4: "ip4 IPv4 6", 6: "ip6 IPv6 4"} {
		if got := fmt.Sprintf("%s %v %d", f.network(), f, f.other()); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for addr, want := range map[string]Family{four: 4, six: 6, "::ffff:192.0.2.1": 6} {
		if got := familyOf(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %v", addr, got)
		}
	}
}

// TestSilentServers asks two name servers that are silent. Each has its part of the time, and
// they use all of it.
func TestSilentServers(t *testing.T) {
	silent := func(nettest.Question) []byte { return nil }
	var servers []netip.AddrPort
	for range 2 {
		servers = append(servers, netip.MustParseAddrPort(nettest.StartNames(t, "127.0.0.1:0", silent)))
	}
	const timeout = 400 * time.Millisecond
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	began := time.Now()
	_, err := Servers(servers)(ctx, "ip4", "a.test.")
	if took := time.Since(began); err == nil || took < timeout-50*time.Millisecond {
		t.Errorf("%v after %v", err, took)
	}
}

// TestTraceOfLookUps tells a caller of look-ups, and not of what is remembered.
func TestTraceOfLookUps(t *testing.T) {
	r := &Resolver{Timeout: time.Second, Lookup: func(context.Context, string, string) ([]netip.Addr, error) { return addrs(four), nil }}
	told := ""
	trace := &httptrace.ClientTrace{DNSStart: func(info httptrace.DNSStartInfo) { told += info.Host + " " }}
	for _, host := range []string{"a.test", "a.test", "b.test"} {
		if _, _, err := r.find(httptrace.WithClientTrace(t.Context(), trace), host); err != nil {
			t.Fatal(err)
		}
	}
	if told != "a.test b.test " {
		t.Errorf("told of %s", told)
	}
	if _, _, err := r.find(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{}), "c.test"); err != nil {
		t.Error(err)
	}
}

// TestDialLiteral connects to an address, which needs no look-up.
func TestDialLiteral(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, only := range []Family{0, 4} {
		conn, err := (&Resolver{Only: only}).Dial(t.Context(), &net.Dialer{}, "tcp", l.Addr().String())
		if err != nil {
			t.Fatalf("only %v: %v", only, err)
		}
		_ = conn.Close()
	}
	_, err = (&Resolver{}).Dial(t.Context(), &net.Dialer{}, "tcp", "no port")
	if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op != "dial" || op.Net != "tcp" {
		t.Errorf("%v", err)
	}
}

// TestGivingUpLeavesNoFamily has a caller that gives up while it connects, and one whose
// addresses fail. Only the latter leaves a family.
func TestGivingUpLeavesNoFamily(t *testing.T) {
	for _, givesUp := range []bool{true, false} {
		r := &Resolver{Timeout: time.Minute, Lookup: func(context.Context, string, string) ([]netip.Addr, error) { return addrs(six, four), nil }}
		ctx, cancel := context.WithCancel(t.Context())
		d := &net.Dialer{ControlContext: func(context.Context, string, string, syscall.RawConn) error {
			if givesUp {
				cancel()
			}
			return errors.New("refused")
		}}
		_, err := r.Dial(ctx, d, "tcp", "a.test:1")
		cancel()
		if left := r.left["a.test"]; err == nil || (left == 6) == givesUp {
			t.Errorf("gives up %v: %v, left %v", givesUp, err, left)
		}
	}
}
