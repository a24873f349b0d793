// Package live shows a run while it is under way: how many images are done, and
// what each worker does.
package live

import (
	"sync/atomic"

	"grab/downloader"
)

// Counters are what a run updates for each image, and what a progress bar reads.
// [Counters.Flights] tells more, and costs more. The zero value is ready for use.
type Counters struct {
	Total    atomic.Int64 // entries in the list, as far as known; 0: not known
	OK       atomic.Int64
	Failed   atomic.Int64
	Skipped  atomic.Int64
	Canceled atomic.Int64
	InFlight atomic.Int64
	Bytes    atomic.Int64 // received in bodies, failed attempts included

	inFlight inFlight
	hosts    atomic.Pointer[HostView]
}

// HostView returns the hosts that are left alone for now, the next to be asked first, and
// how many were given up.
type HostView func() (held []downloader.HostState, givenUp int)

// SetHosts sets what [Counters.Hosts] shows.
func (c *Counters) SetHosts(view HostView) { c.hosts.Store(&view) }

// Hosts returns what a run's [HostView] returns.
func (c *Counters) Hosts() (held []downloader.HostState, givenUp int) {
	if view := c.hosts.Load(); view != nil {
		return (*view)()
	}
	return nil, 0
}

// Done returns how many items have a result.
func (c *Counters) Done() int64 {
	return c.OK.Load() + c.Failed.Load() + c.Skipped.Load() + c.Canceled.Load()
}

// Count adds a result with the status s.
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

// Begin adds an image that a worker has taken. The caller passes the returned entry
// to [Counters.End].
func (c *Counters) Begin(item downloader.Item, worker int) *Entry {
	return c.inFlight.add(item, worker)
}

// End removes an image that [Counters.Begin] added.
func (c *Counters) End(e *Entry) { c.inFlight.remove(e) }

// Phase returns the phase of the only image in flight. It is for child processes,
// which have one at a time.
func (c *Counters) Phase() Phase {
	for _, e := range c.inFlight.entries() {
		if t := e.Tracker.Load(); t != nil {
			at, _ := t.Now()
			return at
		}
	}
	return PhaseStart
}
