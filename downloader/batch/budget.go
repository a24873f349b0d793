package batch

import (
	"fmt"
	"sync/atomic"
	"time"

	"grab/downloader"
)

// Limits end a run early. Zero is no limit.
type Limits struct {
	Images   int           // fetched
	Bytes    int64         // received, failed attempts included
	Time     time.Duration // of the whole run
	Failures float64       // percent of the last results
}

// Any reports whether there is a limit.
func (l Limits) Any() bool { return l != Limits{} }

// The last results are this many at most. Fewer than the least say too little.
const (
	lastResults  = 1000
	leastResults = 100
)

// Budget stops a run that has reached a limit. It is a [downloader.Observer].
type Budget struct {
	limits   Limits
	received *atomic.Int64
	stop     func(cause error)
	images   int
	seen     int // results of this run
	failures int // among the last of them
	last     [lastResults]bool
}

// Reached is the cause of the end of a run: a limit.
type Reached struct{ Limit string }

func (r *Reached) Error() string { return r.Limit }

// NewBudget returns a Budget that calls stop with a [*Reached], maybe several times. The caller calls
// done, which ends the wait for the limit of time. received counts the bytes.
func NewBudget(l Limits, received *atomic.Int64, stop func(cause error)) (b *Budget, done func()) {
	b = &Budget{limits: l, received: received, stop: stop}
	if l.Time == 0 {
		return b, func() {}
	}
	timer := time.AfterFunc(l.Time, func() { b.reached("-max-time %v", l.Time) })
	return b, func() { timer.Stop() }
}

func (b *Budget) reached(format string, args ...any) {
	b.stop(&Reached{"reached " + fmt.Sprintf(format, args...)})
}

// Observe counts a result. A failure that an earlier run has met as well does not count, or
// a run that was stopped would be stopped at the same place when it is tried again.
func (b *Budget) Observe(r downloader.Result) {
	switch {
	case r.Status == downloader.StatusOK:
		b.images++
	case r.Status != downloader.StatusFailed, !r.Since.IsZero():
		return
	}
	b.count(r.Status == downloader.StatusFailed)
	l, last := b.limits, min(b.seen, lastResults)
	switch {
	case l.Images > 0 && b.images >= l.Images:
		b.reached("-max-images %d", l.Images)
	case l.Bytes > 0 && b.received.Load() >= l.Bytes:
		b.reached("-max-bytes: %s received", downloader.FormatBytes(b.received.Load()))
	case l.Failures > 0 && last >= leastResults && float64(b.failures)*100 > l.Failures*float64(last):
		b.reached("-max-failures: %d of the last %d images failed", b.failures, last)
	}
}

// count puts a result in the place of the oldest of the last ones.
func (b *Budget) count(failed bool) {
	place := &b.last[b.seen%lastResults]
	if *place {
		b.failures--
	}
	if failed {
		b.failures++
	}
	*place = failed
	b.seen++
}
