package testserver

import (
	"context"
	"math/bits"
	"sync"
	"time"
)

// latency is the time to the first byte of the answer to the request for uri
// that came after nth earlier ones.
func latency(o Options, uri string, nth int) time.Duration {
	if o.Jitter == 0 {
		return o.Latency
	}
	// The high word of a product spreads a 64-bit hash evenly over
	// [0, 2*Jitter] without the bias of a remainder.
	offset, _ := bits.Mul64(hash(o.Seed, uri, uint64(nth)), 2*uint64(o.Jitter)+1)
	return max(0, o.Latency-o.Jitter+time.Duration(offset))
}

// maxVisited bounds the URIs that visits remembers.
const maxVisited = 1 << 20

// visits counts how often each URI was asked for. When it holds maxVisited
// URIs, each further one passes for new every time.
type visits struct {
	mu    sync.Mutex
	count map[string]int
}

// add notes a request for uri and returns the number of earlier ones.
func (v *visits) add(uri string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n, known := v.count[uri]
	if !known && len(v.count) >= maxVisited {
		return 0
	}
	if v.count == nil {
		v.count = make(map[string]int)
	}
	v.count[uri] = n + 1
	return n
}

func (v *visits) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.count = nil
}

// waitUntil returns at time t, or with the context's error when ctx ends
// first.
func waitUntil(ctx context.Context, t time.Time) error {
	d := time.Until(t)
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
