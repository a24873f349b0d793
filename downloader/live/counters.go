package live

import (
	"sync/atomic"

	"grab/downloader"
)

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

	inFlight inFlight
}

// Done returns how many items have a result.
func (c *Counters) Done() int64 {
	return c.OK.Load() + c.Failed.Load() + c.Skipped.Load() + c.Canceled.Load()
}

// Count adds a result of that status.
func (c *Counters) Count(s downloader.Status) {
	switch s {
	case downloader.StatusOK:
		c.OK.Add(1)
	case downloader.StatusSkipped:
		c.Skipped.Add(1)
	case downloader.StatusFailed:
		c.Failed.Add(1)
	case downloader.StatusCanceled:
		c.Canceled.Add(1)
	}
}
