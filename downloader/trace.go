package downloader

import (
	"context"
	"net"
	"net/http/httptrace"
	"sync"
	"time"
)

// tracker follows a transfer through its phases: it adds up their times, and
// knows how far a request had come when it failed. net/http calls the hooks from
// goroutines of its own, and may go on dialling after a request got another
// connection; hence the lock, and the check in dial.
type tracker struct {
	mu     sync.Mutex
	at     phase
	since  time.Time
	spent  [phaseCount]time.Duration
	gotten bool     // the request has its connection
	reused bool     // and it is not the connection's first
	peer   net.Addr // of the last connection; nil: there was none
}

// trackerKey is the context key of a request's tracker.
type trackerKey struct{}

// follow returns the context of requests that t follows.
func follow(ctx context.Context, t *tracker) context.Context {
	return context.WithValue(ctx, trackerKey{}, t)
}

// trackerOf returns the tracker that follows a request, or one that nobody asks.
func trackerOf(ctx context.Context) *tracker {
	t, known := ctx.Value(trackerKey{}).(*tracker)
	if !known {
		t = &tracker{}
	}
	return t
}

// traced has net/http tell the tracker of ctx what it does.
func traced(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, hooks(trackerOf(ctx)))
}

func (t *tracker) enter(next phase) {
	t.mu.Lock()
	t.enterLocked(next)
	t.mu.Unlock()
}

func (t *tracker) enterLocked(next phase) {
	now := time.Now()
	if t.at != phaseStart {
		t.spent[t.at] += now.Sub(t.since)
	}
	t.at, t.since = next, now
}

// dial enters a phase of the dialling, unless the request needs it no more.
func (t *tracker) dial(next phase) {
	t.mu.Lock()
	if !t.gotten {
		t.enterLocked(next)
	}
	t.mu.Unlock()
}

// unconnected begins a request: a redirect's next step, too, which may have to
// wait for a connection.
func (t *tracker) unconnected() {
	t.mu.Lock()
	t.gotten = false
	t.enterLocked(phaseStart)
	t.mu.Unlock()
}

func (t *tracker) connected(peer net.Addr, reused bool) {
	t.mu.Lock()
	t.gotten, t.reused, t.peer = true, reused, peer
	t.enterLocked(phaseWait)
	t.mu.Unlock()
}

// inherited reports whether the request failed before its own answer began, on
// a connection that others had used: what they left on it is not its fault.
func (t *tracker) inherited() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reused && t.at == phaseWait
}

// remote returns the other end of the last request's connection.
func (t *tracker) remote() net.Addr {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peer
}

// phase returns how far the transfer has come.
func (t *tracker) phase() phase {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// now returns how far the transfer has come, and when it came there.
func (t *tracker) now() (phase, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at, t.since
}

// heard enters a phase that a child tells of, which may be none.
func (t *tracker) heard(told phase) {
	t.mu.Lock()
	if told != t.at && told >= 0 && told < phaseCount {
		t.enterLocked(told)
	}
	t.mu.Unlock()
}

// timing ends the last phase and returns what each has taken.
func (t *tracker) timing() Timing {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.enterLocked(phaseStart)
	return Timing{
		DNS:       t.spent[phaseDNS].Seconds(),
		Connect:   t.spent[phaseConnect].Seconds(),
		TLS:       t.spent[phaseTLS].Seconds(),
		FirstByte: t.spent[phaseWait].Seconds(),
		Body:      t.spent[phaseBody].Seconds(),
		Verify:    t.spent[phaseVerify].Seconds(),
	}
}

func hooks(t *tracker) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:           func(string) { t.unconnected() },
		DNSStart:          func(httptrace.DNSStartInfo) { t.dial(phaseDNS) },
		ConnectStart:      func(string, string) { t.dial(phaseConnect) },
		TLSHandshakeStart: func() { t.dial(phaseTLS) },
		GotConn:           func(c httptrace.GotConnInfo) { t.connected(c.Conn.RemoteAddr(), c.Reused) },
	}
}
