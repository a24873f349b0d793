package live

import (
	"net"
	"sync"
	"time"

	"grab/downloader"
)

// Tracker follows a transfer through its phases. It adds up how long each took, and
// knows how far a request had come when it failed. net/http calls the hooks from its
// own goroutines, and may go on dialling after a request got another connection.
// That is why there is a lock, and why Dial checks for a connection.
type Tracker struct {
	mu        sync.Mutex
	at        Phase
	since     time.Time
	spent     [phaseCount]time.Duration
	connected bool     // the request has its connection
	reused    bool     // the connection has carried other requests before
	fresh     bool     // the next requests must have new connections
	repeats   int      // requests to the first one's origin after it
	peer      net.Addr // of the last connection or handshake; nil: there was none
}

// Enter ends the present phase and begins the next.
func (t *Tracker) Enter(next Phase) {
	t.mu.Lock()
	t.enterLocked(next)
	t.mu.Unlock()
}

func (t *Tracker) enterLocked(next Phase) {
	now := time.Now()
	if t.at != PhaseStart {
		t.spent[t.at] += now.Sub(t.since)
	}
	t.at, t.since = next, now
}

// Dial enters a phase of dialling, unless the request has got another connection.
func (t *Tracker) Dial(next Phase) {
	t.mu.Lock()
	if !t.connected {
		t.enterLocked(next)
	}
	t.mu.Unlock()
}

// Handshake enters the phase of the TLS handshake with peer, as Dial does.
func (t *Tracker) Handshake(peer net.Addr) {
	t.mu.Lock()
	if !t.connected {
		t.peer = peer
		t.enterLocked(PhaseTLS)
	}
	t.mu.Unlock()
}

// Unconnected begins a request, which has no connection yet. The request after a
// redirect is one as well. Unconnected reports whether the connection must be new.
func (t *Tracker) Unconnected() (fresh bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.connected = false
	t.enterLocked(PhaseStart)
	return t.fresh
}

// NewConnections makes the next requests ask for new connections, or no longer.
func (t *Tracker) NewConnections(fresh bool) {
	t.mu.Lock()
	t.fresh = fresh
	t.mu.Unlock()
}

// Connected notes that the request has got a connection to peer. reused says that the
// connection has carried other requests before.
func (t *Tracker) Connected(peer net.Addr, reused bool) {
	t.mu.Lock()
	t.connected, t.reused, t.peer = true, reused, peer
	t.enterLocked(PhaseWait)
	t.mu.Unlock()
}

// FailedOnReused reports whether the request failed on a reused connection before its
// response began. Bytes that an earlier response left there may be the cause.
func (t *Tracker) FailedOnReused() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reused && t.at == PhaseWait
}

// Reused reports whether the last request used a connection that has carried other
// requests before.
func (t *Tracker) Reused() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reused
}

// Repeat counts one more request to the origin of the first.
func (t *Tracker) Repeat() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.repeats++
}

// Repeats returns how often Repeat was called.
func (t *Tracker) Repeats() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.repeats
}

// Remote returns the other end of the last request's connection.
func (t *Tracker) Remote() net.Addr {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peer
}

// Phase returns how far the transfer has come.
func (t *Tracker) Phase() Phase {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// Now returns how far the transfer has come, and since when.
func (t *Tracker) Now() (Phase, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at, t.since
}

// Report enters a phase that a child process reported. It ignores numbers that are
// not phases.
func (t *Tracker) Report(next Phase) {
	t.mu.Lock()
	if next != t.at && next >= 0 && next < phaseCount {
		t.enterLocked(next)
	}
	t.mu.Unlock()
}

// Timing ends the last phase, and returns how long each took.
func (t *Tracker) Timing() downloader.Timing {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.enterLocked(PhaseStart)
	return downloader.Timing{
		DNS:       t.spent[PhaseDNS].Seconds(),
		Connect:   t.spent[PhaseConnect].Seconds(),
		TLS:       t.spent[PhaseTLS].Seconds(),
		FirstByte: t.spent[PhaseWait].Seconds(),
		Body:      t.spent[PhaseBody].Seconds(),
		Verify:    t.spent[PhaseVerify].Seconds(),
	}
}
