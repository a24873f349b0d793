package names

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// Servers returns a Lookup that asks the name servers at these addresses, and no others.
// If one fails or is silent, the next is asked; whichever has answered is asked first from
// then on. Names in the hosts file of this machine are found as before.
func Servers(addrs []netip.AddrPort) Lookup {
	var resolvers []*net.Resolver
	for _, addr := range addrs {
		resolvers = append(resolvers, &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, addr.String())
			if err == nil {
				// A look-up that was given up would go on reading for five seconds.
				context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		}})
	}
	var best atomic.Int64
	return func(ctx context.Context, network, host string) (found []netip.Addr, err error) {
		start := int(best.Load())
		for i := range resolvers {
			at := (start + i) % len(resolvers)
			found, err = askOne(ctx, resolvers[at], len(resolvers)-i, network, host)
			if err == nil || isMissing(err) {
				best.Store(int64(at))
			}
			if dns, ok := errors.AsType[*net.DNSError](err); ok {
				dns.Server = addrs[at].String() // net believes that it has asked another
			}
			if err == nil || isMissing(err) || ctx.Err() != nil {
				break
			}
		}
		return found, err
	}
}

// askOne asks one name server, and leaves time for the others: there are left servers,
// with this one.
func askOne(ctx context.Context, r *net.Resolver, left int, network, host string) ([]netip.Addr, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(left))
		defer cancel()
	}
	return r.LookupNetIP(ctx, network, host)
}
