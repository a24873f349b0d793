// Package names looks up the names of hosts, remembers them for a while, and connects to
// their addresses.
//
// Many images have the same host, and a run connects to it again and again. So callers
// that ask for the same name at the same time share one look-up, and later ones get what
// it found. Each process of a run has a memory of its own.
//
// Whether an address is allowed is checked when it is dialled, also if it was remembered:
// by the Control function of the dialer that the caller brings.
package names

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"net/netip"
	"slices"
	"sync"
	"time"

	"grab/downloader/internal/flight"
)

// Lookup looks up the addresses of a host. network is "ip", "ip4" or "ip6". It is what
// [net.Resolver.LookupNetIP] does.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// How long look-ups are remembered. net does not tell how long an answer is good for, so
// this is as long as browsers keep one. A name that does not exist may come into being.
const (
	goodFor    = time.Minute
	missingFor = 5 * time.Second
)

const (
	maxLookups = 64     // look-ups at a time; name servers limit how many they answer
	maxNames   = 20_000 // names that are remembered
)

// Resolver looks names up, and remembers them. It is safe for concurrent use. Its fields
// must not change once it is in use.
type Resolver struct {
	Lookup  Lookup
	Only    Family           // if not zero, the only family to connect to
	Timeout time.Duration    // of a look-up and the connection after it, together; above 0
	Local   func(error) bool // reports whether this machine has failed, and not a name server

	// Failure is how long a failure of a name server is remembered (RFC 9520 section 3).
	// It must not be longer than the shortest time between two attempts of an image: an
	// attempt that finds an old failure would be wasted.
	Failure time.Duration

	once    sync.Once
	slots   chan struct{}
	flights flight.Group[string, answer]

	mu    sync.Mutex
	known map[string]answer
	left  map[string]Family // a host's family that failed last
}

// answer is what a look-up has found.
type answer struct {
	addrs []netip.Addr
	err   error
	until time.Time     // when it is forgotten
	took  time.Duration // the look-up
}

// FamilyError says that a host has addresses, and none that may be used.
type FamilyError struct {
	Host string
	Only Family
}

func (e *FamilyError) Error() string {
	return fmt.Sprintf("%s has no %v address, and only those may be used", e.Host, e.Only)
}

// find returns the addresses of a host, and how long this caller has waited for a name
// server. Waiting for a turn does not count.
func (r *Resolver) find(ctx context.Context, host string) ([]netip.Addr, time.Duration, error) {
	if a, ok := r.recall(host); ok {
		return a.addrs, 0, a.err
	}
	if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.DNSStart != nil {
		trace.DNSStart(httptrace.DNSStartInfo{Host: host})
	}
	r.once.Do(func() { r.slots = make(chan struct{}, maxLookups) })
	a, err := r.flights.Do(ctx, host, func(ctx context.Context) answer { return r.ask(ctx, host) })
	if err != nil {
		return nil, 0, err
	}
	return a.addrs, a.took, a.err
}

// ask looks a host up when it is its turn, and remembers the answer.
func (r *Resolver) ask(ctx context.Context, host string) answer {
	select {
	case r.slots <- struct{}{}:
	case <-ctx.Done():
		return answer{err: ctx.Err()}
	}
	defer func() { <-r.slots }()
	if a, ok := r.recall(host); ok { // another flight has landed since the caller looked
		return a
	}
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	began := time.Now()
	addrs, err := r.lookUp(ctx, host)
	a := answer{addrs: addrs, err: err}
	a.took = time.Since(began)
	if !errors.Is(ctx.Err(), context.Canceled) && (err == nil || r.Local == nil || !r.Local(err)) {
		a.until = time.Now().Add(r.memoryOf(err))
		r.remember(host, a)
	}
	return a
}

// lookUp looks a host up. A missing address of the only family is told from a missing
// host: the one is a rule of this run, the other is for good.
func (r *Resolver) lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	addrs, err := r.Lookup(ctx, r.Only.network(), host)
	if r.Only != 0 && isMissing(err) {
		if others, _ := r.Lookup(ctx, r.Only.other().network(), host); len(others) > 0 {
			return nil, &FamilyError{host, r.Only}
		}
	}
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	return addrs, err
}

func isMissing(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

func (r *Resolver) memoryOf(err error) time.Duration {
	_, family := errors.AsType[*FamilyError](err)
	switch {
	case err == nil || family:
		return goodFor
	case isMissing(err):
		return missingFor
	default:
		return r.Failure
	}
}

func (r *Resolver) recall(host string) (answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, ok := r.known[host]
	return a, ok && time.Now().Before(a.until)
}

// remember adds an answer. If there are too many, it forgets any other.
func (r *Resolver) remember(host string, a answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[string]answer{}
	}
	makeRoom(r.known, host)
	r.known[host] = a
}

// makeRoom removes an entry if there is no room for a new one.
func makeRoom[V any](m map[string]V, host string) {
	if _, ok := m[host]; ok || len(m) < maxNames {
		return
	}
	for other := range m {
		delete(m, other)
		return
	}
}

// order splits addresses into those to try first, and those of the other family. The
// look-up has sorted them (RFC 6724), so the first address decides, unless its family has
// failed last time.
func (r *Resolver) order(host string, addrs []netip.Addr) (first, others []netip.Addr) {
	r.mu.Lock()
	leave := r.left[host]
	r.mu.Unlock()
	if len(addrs) == 0 {
		return nil, nil
	}
	family := familyOf(addrs[0])
	if family == leave && slices.ContainsFunc(addrs, func(a netip.Addr) bool { return familyOf(a) != leave }) {
		family = family.other()
	}
	for _, a := range addrs {
		if familyOf(a) == family {
			first = append(first, a)
		} else {
			others = append(others, a)
		}
	}
	return first, others
}

// leave makes the next connection to a host try the other family first.
func (r *Resolver) leave(host string, family Family) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == nil {
		r.left = map[string]Family{}
	}
	makeRoom(r.left, host)
	r.left[host] = family
}

// Failed says that a connection to a host's address has failed later on, as in the TLS
// handshake. The next one tries the other family first: a path may lose large packets
// only.
func (r *Resolver) Failed(host string, remote net.Addr) {
	if tcp, ok := remote.(*net.TCPAddr); ok {
		if _, err := netip.ParseAddr(host); err != nil {
			r.leave(host, familyOf(tcp.AddrPort().Addr().Unmap()))
		}
	}
}
