package testserver

import (
	"math/bits"
	"time"

	"grab/testserver/picture"
)

// latency is the time to the first byte of the answer to a request for uri, after
// nth earlier ones.
func latency(o Options, uri string, nth int) time.Duration {
	if o.Jitter == 0 {
		return o.Latency
	}
	// The high word of a product spreads a 64-bit hash evenly over
	// [0, 2*Jitter] without the bias of a remainder.
	offset, _ := bits.Mul64(picture.Hash(o.Seed, uri, uint64(nth)), 2*uint64(o.Jitter)+1)
	return max(0, o.Latency-o.Jitter+time.Duration(offset))
}
