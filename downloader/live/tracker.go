package live

import (
	"net"
	"sync"
	"time"

	"grab/downloader"
)

// tracker follows a transfer through its phases: it adds up their times, and
// knows how far a request had come when it failed. net/http calls the hooks from
// goroutines of its own, and may go on dialling after a request got another
// connection; hence the lock, and the check in dial.
type Tracker struct {
	mu     sync.Mutex
	at     Phase
	since  time.Time
	spent  [phaseCount]time.Duration
	connected bool     // the request has its connection
	reused bool     // and it is not the connection's first
	peer   net.Addr // of the last connection; nil: there was none
}

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

// dial enters a phase of the dialling, unless the request needs it no more.
func (t *Tracker) Dial(next Phase) {
	t.mu.Lock()
	if !t.connected {
		t.enterLocked(next)
	}
	t.mu.Unlock()
}

// unconnected begins a request: a redirect's next step, too, which may have to
// wait for a connection.
func (t *Tracker) Unconnected() {
	t.mu.Lock()
	t.connected = false
	t.enterLocked(PhaseStart)
	t.mu.Unlock()
}

func (t *Tracker) Connected(peer net.Addr, reused bool) {
	t.mu.Lock()
	t.connected, t.reused, t.peer = true, reused, peer
	t.enterLocked(PhaseWait)
	t.mu.Unlock()
}

// inherited reports whether the request failed before its own answer began, on
// a connection that others had used: what they left on it is not its fault.
func (t *Tracker) FailedOnReused() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reused && t.at == PhaseWait
}

// remote returns the other end of the last request's connection.
func (t *Tracker) Remote() net.Addr {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peer
}

// phase returns how far the transfer has come.
func (t *Tracker) Phase() Phase {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// now returns how far the transfer has come, and when it came there.
func (t *Tracker) Now() (Phase, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at, t.since
}

// heard enters a phase that a child tells of, which may be none.
func (t *Tracker) Report(told Phase) {
	t.mu.Lock()
	if told != t.at && told >= 0 && told < phaseCount {
		t.enterLocked(told)
	}
	t.mu.Unlock()
}

// timing ends the last phase and returns what each has taken.
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
