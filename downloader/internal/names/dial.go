package names

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"
)

// fallbackDelay is the head start of the first family (RFC 8305 section 5, as in net).
const fallbackDelay = 300 * time.Millisecond

// errNoAddress is the error of a look-up that found nothing and did not fail.
var errNoAddress = errors.New("the host has no address")

// leastTime is the least time that one of several addresses gets, if there is so much.
const leastTime = 2 * time.Second

// Dial connects to a host and port with d. If the host has addresses of both families,
// the second family is tried as well if the first takes too long (RFC 8305, "Happy
// Eyeballs"). The errors are those of [net.Dialer].
func (r *Resolver) Dial(ctx context.Context, d *net.Dialer, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if r.Only != 0 && familyOf(addr.Unmap()) != r.Only {
			return nil, &FamilyError{host, r.Only}
		}
		return d.DialContext(ctx, network, address)
	}
	addrs, took, err := r.find(ctx, host)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, max(r.Timeout-took, time.Millisecond))
	defer cancel()
	first, others := r.order(host, addrs)
	conn, err := race(ctx, func(ctx context.Context, addr netip.Addr) (net.Conn, error) {
		return d.DialContext(ctx, network, net.JoinHostPort(addr.String(), port))
	}, first, others)
	switch {
	case err != nil && len(others) > 0 && !errors.Is(ctx.Err(), context.Canceled):
		r.leave(host, familyOf(first[0]))
	case err == nil && isOf(conn, others):
		r.leave(host, familyOf(first[0]))
	}
	return conn, err
}

// isOf reports whether a connection leads to one of addrs.
func isOf(conn net.Conn, addrs []netip.Addr) bool {
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	return ok && len(addrs) > 0 && familyOf(tcp.AddrPort().Addr().Unmap()) == familyOf(addrs[0])
}

// dialFunc connects to an address.
type dialFunc func(ctx context.Context, addr netip.Addr) (net.Conn, error)

// inTurn connects to one address after another. Each gets its part of the time that is
// left. If all fail, the first error counts.
func inTurn(ctx context.Context, dial dialFunc, addrs []netip.Addr) (net.Conn, error) {
	first := errNoAddress
	for i, addr := range addrs {
		limited, cancel := ctx, context.CancelFunc(func() {})
		if deadline, ok := ctx.Deadline(); ok {
			left := time.Until(deadline)
			limited, cancel = context.WithTimeout(ctx, max(left/time.Duration(len(addrs)-i), min(left, leastTime)))
		}
		conn, err := dial(limited, addr)
		cancel()
		if err == nil {
			return conn, nil
		}
		if i == 0 {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// race connects to the first family, and to the other one if that fails or takes too long.
func race(ctx context.Context, dial dialFunc, first, others []netip.Addr) (net.Conn, error) {
	if len(others) == 0 {
		return inTurn(ctx, dial, first)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type outcome struct {
		conn    net.Conn
		err     error
		primary bool
	}
	done, results := make(chan struct{}), make(chan outcome)
	defer close(done)
	run := func(addrs []netip.Addr, primary bool) {
		conn, err := inTurn(ctx, dial, addrs)
		select {
		case results <- outcome{conn, err, primary}:
		case <-done:
			if conn != nil {
				_ = conn.Close() // the other family has won
			}
		}
	}
	go run(first, true)
	timer := time.NewTimer(fallbackDelay)
	defer timer.Stop()
	running, started := 1, false
	var failure error
	for {
		select {
		case <-timer.C:
		case o := <-results:
			if o.err == nil {
				return o.conn, nil
			}
			if running--; failure == nil || o.primary {
				failure = o.err
			}
			if started && running == 0 {
				return nil, failure
			}
		}
		if !started {
			started, running = true, running+1
			go run(others, false)
		}
	}
}
