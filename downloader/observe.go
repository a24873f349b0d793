package downloader

import "sync/atomic"

// Observer is told of every result. It is called from one goroutine only, and
// may take its time: results wait, downloads in flight do not.
type Observer interface {
	Observe(Result)
}

// Flusher is an [Observer] that buffers. Flush is called when no further result
// is waiting, and at the end; its error ends the run, since results would be
// lost otherwise.
type Flusher interface {
	Flush() error
}

// Journal keeps results for later runs. A result is shown to the observers when
// the journal has flushed it; an image whose result it could not keep has failed.
type Journal interface {
	Observer
	Flusher
}

// Counters are all that the hot path touches, and all that a progress bar reads.
// Flights tells more to who asks now and then.
type Counters struct {
	Total    atomic.Int64 // entries in the list, as far as known; 0: not known
	OK       atomic.Int64
	Failed   atomic.Int64
	Skipped  atomic.Int64
	Canceled atomic.Int64
	InFlight atomic.Int64
	Bytes    atomic.Int64 // received in bodies, failed attempts included

	flights flights
}

// Done returns how many items have a result.
func (c *Counters) Done() int64 {
	return c.OK.Load() + c.Failed.Load() + c.Skipped.Load() + c.Canceled.Load()
}

// Count adds a result of that status.
func (c *Counters) Count(s Status) {
	switch s {
	case StatusOK:
		c.OK.Add(1)
	case StatusSkipped:
		c.Skipped.Add(1)
	case StatusFailed:
		c.Failed.Add(1)
	case StatusCanceled:
		c.Canceled.Add(1)
	}
}
