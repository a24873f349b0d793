package wire

import (
	"context"
	"time"
)

const (
	// paceStep is the time between two chunks of a paced body. It is short
	// enough for an even flow, and long enough for timers to be exact.
	paceStep = 20 * time.Millisecond

	// maxChunk bounds a chunk, so that a fast body is still paced.
	maxChunk = 64 << 10
)

// pacer spreads a body over time: byte n leaves no earlier than n/rate after the
// start. Due times count from the start, so that delays of timers do not add up.
type pacer struct {
	rate  int64 // bytes a second
	start time.Time
	sent  int64
}

func newPacer(rate int64) *pacer {
	return &pacer{rate: rate, start: time.Now()}
}

// chunk is the number of bytes to send at a time.
func (p *pacer) chunk() int {
	n := p.rate / int64(time.Second/paceStep)
	return int(min(max(n, 1), maxChunk))
}

// wait returns when the next n bytes may leave, and counts them as sent. It
// returns the context's error when ctx ends first.
func (p *pacer) wait(ctx context.Context, n int) error {
	p.sent += int64(n)
	whole, rest := p.sent/p.rate, p.sent%p.rate
	due := time.Duration(whole)*time.Second +
		time.Duration(float64(rest)/float64(p.rate)*float64(time.Second))
	return WaitUntil(ctx, p.start.Add(due))
}

// WaitUntil returns at time t, or with the context's error when ctx ends first.
func WaitUntil(ctx context.Context, t time.Time) error {
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
