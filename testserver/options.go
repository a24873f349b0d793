package testserver

import (
	"fmt"
	"io"
	"time"

	"grab/testserver/faults"
)

// Options say how a server behaves. The zero value answers at once and at full
// speed, with the pictures of seed 0.
type Options struct {
	// Latency is the time from the arrival of a request for an image to the
	// first byte of its answer. Everything else (redirects, lists, the
	// ledger, refusals) is answered at once.
	Latency time.Duration

	// Jitter spreads the latency evenly over [Latency-Jitter,
	// Latency+Jitter], never below zero. The latency of a request depends
	// only on Seed, on its URI and on how often that URI was requested
	// before. A repeated experiment therefore has the same latencies.
	Jitter time.Duration

	// Bandwidth limits the body of each response, in bytes a second.
	// Zero is no limit.
	Bandwidth int64

	// Seed selects the pictures, the redirects and the jitter.
	Seed int64

	// Faults says what goes wrong with which share of the images. Whether and
	// how an image is hit depends only on Seed and its URI. Answers that
	// are not well-formed HTTP ignore Bandwidth.
	Faults faults.Plan

	// Log receives one line for each request that the ledger records, when
	// it is finished, in one Write. Calls do not overlap. Nil is no log.
	Log io.Writer `json:"-"`
}

// Validate reports the first option that is out of range.
func (o Options) Validate() error {
	switch {
	case o.Latency < 0:
		return fmt.Errorf("testserver: negative latency %v", o.Latency)
	case o.Jitter < 0:
		return fmt.Errorf("testserver: negative jitter %v", o.Jitter)
	case o.Bandwidth < 0:
		return fmt.Errorf("testserver: negative bandwidth %d", o.Bandwidth)
	}
	return nil
}
