package testserver

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxRecords bounds the requests that a ledger keeps.
const maxRecords = 100_000

// How a request ended.
const (
	EndComplete   = "complete"    // the whole answer was handed to the network
	EndClientGone = "client-gone" // the client went away first
	EndClosed     = "closed"      // the server was closed first
	EndFault      = "fault"       // a fault was played to its end; one of frames of HTTP/2 may keep back what was sent
)

// Ledger is what a server was asked for since it was made or reset. Requests
// for the ledger itself, for its reset and for the authority are left out.
//
// A client that has read the whole of a response finds its request in the
// ledger.
type Ledger struct {
	Requests []Request `json:"requests"` // finished ones, in the order of their arrival
	Total    int       `json:"total"`    // finished requests
	Dropped  int       `json:"dropped"`  // those of Total that are not in Requests: it holds the first 100,000

	Connections  int   `json:"connections"`    // that carried at least one request
	InFlight     int   `json:"in_flight"`      // requests for images being answered now
	PeakInFlight int   `json:"peak_in_flight"` // the most of them at one time
	Bytes        int64 `json:"bytes"`          // of bodies sent

	CPUSeconds float64 `json:"cpu_seconds"` // user and system time of the process; 0: not known here
}

// Request is a finished request. One without a method is a connection that a
// fault ended before there was a request, its host the name that TLS asked for.
type Request struct {
	Seq    int    `json:"seq"`    // its place in the order of arrival, from 1
	Conn   int    `json:"conn"`   // its connection, from 1 in the order of their first requests; 0 if the server did not accept it
	Remote string `json:"remote"` // the client's address
	Proto  string `json:"proto"`  // "HTTP/1.1", "HTTP/2.0"
	Method string `json:"method"`
	Host   string `json:"host"`
	URI    string `json:"uri"`
	Range  string `json:"range"`  // the Range header, "" if none
	Fault  string `json:"fault"`  // the name of the fault that the answer had, "" if none
	Status int    `json:"status"` // 0 if the client went before any was sent

	Planned int64 `json:"planned"` // bytes of body to send
	Sent    int64 `json:"sent"`    // bytes of body handed to the network

	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"` // from Started to the end of the answer
	End     string    `json:"end"`     // one of EndComplete, EndClientGone, EndClosed and EndFault

	// Header holds what a client must be careful with, if the request had
	// it: credentials, Referer, If-Range and fields that begin with X-.
	Header map[string]string `json:"header,omitempty"`
}

// Path returns the URI without its query.
func (r Request) Path() string {
	path, _, _ := strings.Cut(r.URI, "?")
	return path
}

// Count returns the number of recorded requests for a path, whatever their
// query.
func (l Ledger) Count(path string) int {
	n := 0
	for _, r := range l.Requests {
		if r.Path() == path {
			n++
		}
	}
	return n
}

// seat is the place of a connection in the ledger. It is guarded by the
// ledger's lock.
type seat struct {
	fault *Fault // that the connection meets, nil if none; never changes

	epoch int
	conn  int
}

// ticket is a request that has begun.
type ticket struct {
	epoch int
	seq   int
	conn  int
	image bool
}

// book keeps the ledger. A reset starts a new epoch; what is left of an
// earlier one is not recorded any more.
type book struct {
	mu     sync.Mutex
	epoch  int
	seq    int
	ledger Ledger
	spent  time.Duration // of the process, before the epoch
}

// begin notes the arrival of a request. The seat is nil if the connection is
// not known.
func (b *book) begin(s *seat, image bool) ticket {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	t := ticket{epoch: b.epoch, seq: b.seq, image: image}
	if s != nil {
		if s.conn == 0 || s.epoch != b.epoch {
			b.ledger.Connections++
			s.epoch, s.conn = b.epoch, b.ledger.Connections
		}
		t.conn = s.conn
	}
	if image {
		b.ledger.InFlight++
		b.ledger.PeakInFlight = max(b.ledger.PeakInFlight, b.ledger.InFlight)
	}
	return t
}

// finish records the request that began with t.
func (b *book) finish(t ticket, r Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t.image {
		b.ledger.InFlight--
	}
	if t.epoch != b.epoch {
		return
	}
	b.ledger.Total++
	b.ledger.Bytes += r.Sent
	if len(b.ledger.Requests) == maxRecords {
		b.ledger.Dropped++
		return
	}
	b.ledger.Requests = append(b.ledger.Requests, r)
}

// snapshot returns a copy of the ledger.
func (b *book) snapshot() Ledger {
	b.mu.Lock()
	l := b.ledger
	l.CPUSeconds = (cpuTime() - b.spent).Seconds()
	b.mu.Unlock()
	// Records are only ever appended, so the copy can wait for after the
	// lock.
	l.Requests = append([]Request{}, l.Requests...)
	slices.SortFunc(l.Requests, func(a, b Request) int { return cmp.Compare(a.Seq, b.Seq) })
	return l
}

// reset empties the ledger. Images being answered stay in flight.
func (b *book) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.epoch++
	b.seq = 0
	b.spent = cpuTime()
	b.ledger = Ledger{InFlight: b.ledger.InFlight, PeakInFlight: b.ledger.InFlight}
}
