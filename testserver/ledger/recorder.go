package ledger

import (
	"cmp"
	"io"
	"slices"
	"sync"
	"time"
)

// Ticket is a request that has begun.
type Ticket struct {
	epoch int
	seq   int
	conn  int
	image bool
}

// Recorder writes the ledger and the log. The zero value has no log. A reset starts a new
// epoch: requests that began in an earlier one are not recorded any more.
type Recorder struct {
	log requestLog

	mu     sync.Mutex
	epoch  int
	seq    int
	ledger Ledger
	spent  time.Duration // processor time before the epoch
}

// Conn is the number of a connection in the ledger. The Recorder gives it, and its lock
// guards it.
type Conn struct{ epoch, number int }

// NewRecorder returns a Recorder with an empty ledger. If log is not nil, it gets a line for each
// request that is finished.
func NewRecorder(log io.Writer) *Recorder { return &Recorder{log: requestLog{w: log}} }

// Begin notes the arrival of a request. The connection is nil if it is not known.
func (rec *Recorder) Begin(c *Conn, image bool) Ticket {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.seq++
	t := Ticket{epoch: rec.epoch, seq: rec.seq, image: image}
	if c != nil {
		if c.number == 0 || c.epoch != rec.epoch {
			rec.ledger.Connections++
			c.epoch, c.number = rec.epoch, rec.ledger.Connections
		}
		t.conn = c.number
	}
	if image {
		rec.ledger.InFlight++
		rec.ledger.PeakInFlight = max(rec.ledger.PeakInFlight, rec.ledger.InFlight)
	}
	return t
}

// Finish records the request that began with t, and logs it.
func (rec *Recorder) Finish(t Ticket, r Request) {
	r.Seq, r.Conn = t.seq, t.conn
	rec.enter(t, r)
	rec.log.write(r)
}

func (rec *Recorder) enter(t Ticket, r Request) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if t.image {
		rec.ledger.InFlight--
	}
	if t.epoch != rec.epoch {
		return
	}
	rec.ledger.Total++
	rec.ledger.Bytes += r.Sent
	if len(rec.ledger.Requests) == maxRecords {
		rec.ledger.Dropped++
		return
	}
	rec.ledger.Requests = append(rec.ledger.Requests, r)
}

// Snapshot returns a copy of the ledger.
func (rec *Recorder) Snapshot() Ledger {
	rec.mu.Lock()
	l := rec.ledger
	l.CPUSeconds = (cpuTime() - rec.spent).Seconds()
	rec.mu.Unlock()
	// Records are only ever appended, so they can be copied without the lock.
	l.Requests = append([]Request{}, l.Requests...)
	slices.SortFunc(l.Requests, func(a, b Request) int { return cmp.Compare(a.Seq, b.Seq) })
	return l
}

// Reset empties the ledger. Images being answered stay in flight.
func (rec *Recorder) Reset() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.epoch++
	rec.seq = 0
	rec.spent = cpuTime()
	rec.ledger = Ledger{InFlight: rec.ledger.InFlight, PeakInFlight: rec.ledger.InFlight}
}
