package names

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader/internal/nettest"
)

// TestRemembered asks for a name again and again, and counts the questions that its name
// server gets: for how long is each outcome remembered?
func TestRemembered(t *testing.T) {
	for name, tt := range map[string]struct {
		answer func(nettest.Question) []byte
		memory time.Duration
	}{
		"an address":    {func(q nettest.Question) []byte { return q.Answer(0, "192.0.2.1") }, time.Minute},
		"no such name":  {func(q nettest.Question) []byte { return q.Answer(3) }, 5 * time.Second},
		"no address":    {func(q nettest.Question) []byte { return q.Answer(0) }, 5 * time.Second},
		"server fails":  {func(q nettest.Question) []byte { return q.Answer(2) }, time.Second},
		"server closes": {func(q nettest.Question) []byte { return nil }, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				asked := 0
				r := &Resolver{Timeout: 10 * time.Second, Failure: time.Second, Lookup: nettest.PipeNames(func(q nettest.Question) []byte {
					mu.Lock()
					asked++
					mu.Unlock()
					return tt.answer(q)
				}).LookupNetIP}
				_, _, first := r.find(t.Context(), "a.test.")
				once := asked
				ask := func(after time.Duration, want int) {
					t.Helper()
					time.Sleep(after)
					if _, _, err := r.find(t.Context(), "a.test."); fmt.Sprint(err) != fmt.Sprint(first) {
						t.Errorf("%v, at first %v", err, first)
					}
					if asked != want {
						t.Errorf("%d questions, want %d", asked, want)
					}
				}
				ask(0, once)
				ask(tt.memory-time.Nanosecond, once)
				ask(time.Nanosecond, 2*once)
			})
		})
	}
}

// lookups is a Lookup of names that exist, which takes its time.
type lookups struct {
	takes time.Duration
	err   error

	mu                   sync.Mutex
	running, peak, total int
}

func (l *lookups) lookup(ctx context.Context, _, _ string) ([]netip.Addr, error) {
	l.mu.Lock()
	l.total++
	l.running++
	l.peak = max(l.peak, l.running)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.running--
		l.mu.Unlock()
	}()
	select {
	case <-time.After(l.takes):
		return []netip.Addr{netip.MustParseAddr("::ffff:192.0.2.1")}, l.err
	case <-ctx.Done():
		return nil, &net.DNSError{Err: "i/o timeout", IsTimeout: true}
	}
}

// TestOneLookUp has many callers for one name. The first of them gives up, which costs
// the others nothing.
func TestOneLookUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lookups{takes: time.Second}
		r := &Resolver{Timeout: 2 * time.Second, Lookup: l.lookup}
		var asking sync.WaitGroup
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		asking.Go(func() {
			if _, _, err := r.find(impatient, "a.test"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		})
		synctest.Wait()
		for range 50 {
			asking.Go(func() {
				addrs, took, err := r.find(t.Context(), "a.test")
				if err != nil || took != time.Second || len(addrs) != 1 || addrs[0].String() != "192.0.2.1" {
					t.Errorf("%v, %v, %v", addrs, took, err)
				}
			})
		}
		asking.Wait()
		if l.total != 1 {
			t.Errorf("%d look-ups", l.total)
		}
	})
}

// TestLookUpsInTurn has more names than may be looked up at a time. Waiting for a turn
// does not count as time of the look-up.
func TestLookUpsInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &lookups{takes: time.Second}
		r := &Resolver{Timeout: 1500 * time.Millisecond, Lookup: l.lookup}
		var asking sync.WaitGroup
		for i := range 5 * maxLookups {
			asking.Go(func() {
				if _, _, err := r.find(t.Context(), fmt.Sprint(i, ".test")); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		if l.peak != 64 {
			t.Errorf("%d look-ups at a time", l.peak)
		}
	})
}

func TestNotRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// This machine is short of files.
		l := &lookups{err: syscall.EMFILE}
		r := &Resolver{Timeout: time.Second, Lookup: l.lookup, Local: func(err error) bool { return errors.Is(err, syscall.EMFILE) }}
		for range 2 {
			_, _, _ = r.find(t.Context(), "a.test")
		}
		if l.total != 2 {
			t.Errorf("%d look-ups", l.total)
		}
		// A name that is missing in all families was asked for once.
		l = &lookups{err: &net.DNSError{IsNotFound: true}}
		r = &Resolver{Timeout: time.Second, Lookup: l.lookup}
		if _, _, err := r.find(t.Context(), "a.test"); !isMissing(err) || l.total != 1 {
			t.Errorf("%v after %d look-ups", err, l.total)
		}
		// The only caller has gone.
		l = &lookups{takes: time.Second}
		r = &Resolver{Timeout: time.Minute, Failure: time.Minute, Lookup: l.lookup}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, _, _ = r.find(ctx, "a.test")
		synctest.Wait() // its look-up has ended
		if _, _, err := r.find(t.Context(), "a.test"); err != nil {
			t.Error(err)
		}
		// There are too many names.
		l = &lookups{}
		r = &Resolver{Timeout: time.Minute, Lookup: l.lookup}
		for i := range maxNames + 10 {
			_, _, _ = r.find(t.Context(), fmt.Sprint(i, ".test"))
			r.leave(fmt.Sprint(i, ".test"), 4)
		}
		if len(r.known) != 20_000 || len(r.left) != 20_000 {
			t.Errorf("%d and %d names", len(r.known), len(r.left))
		}
	})
}

// TestOnlyFamily has a run that may connect to one family of addresses only.
func TestOnlyFamily(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookup := nettest.PipeNames(func(q nettest.Question) []byte {
			switch q.Name {
			case "six.test":
				return q.Answer(0, "2001:db8::1")
			case "both.test":
				return q.Answer(0, "2001:db8::1", "192.0.2.1")
			}
			return q.Answer(3)
		}).LookupNetIP
		r := &Resolver{Timeout: time.Second, Lookup: lookup, Only: 4}
		if addrs, _, err := r.find(t.Context(), "both.test."); err != nil || fmt.Sprint(addrs) != "[192.0.2.1]" {
			t.Errorf("%v, %v", addrs, err)
		}
		_, err := r.Dial(t.Context(), &net.Dialer{}, "tcp", "six.test.:80")
		if _, ok := errors.AsType[*FamilyError](err); !ok {
			t.Errorf("%v", err)
		}
		if _, _, err := r.find(t.Context(), "none.test."); !isMissing(err) {
			t.Errorf("%v", err)
		}
		for _, literal := range []string{"[2001:db8::1]:80", "[::1]:80"} {
			if _, err := r.Dial(t.Context(), &net.Dialer{}, "tcp", literal); err == nil || err.Error() != literal[1:len(literal)-4]+" has no IPv4 address, and only those may be used" {
				t.Errorf("%v", err)
			}
		}
		r = &Resolver{Timeout: time.Second, Lookup: lookup, Only: 6}
		if _, err := r.Dial(t.Context(), &net.Dialer{}, "tcp", "127.0.0.1:1"); err == nil || err.Error() != "127.0.0.1 has no IPv6 address, and only those may be used" {
			t.Errorf("%v", err)
		}
	})
}
