package fetch

import (
	"context"

	"golang.org/x/time/rate"

	"grab/downloader"
)

// throttle bounds how fast all bodies together are received. The zero value has no bound.
type throttle struct {
	limiter *rate.Limiter
}

// throttleBurst is the largest number of bytes that are received at once.
const throttleBurst = 64 << 10

// newThrottle returns the throttle of Options.LimitRate. In process mode each child has an
// equal part of that, so that they never exceed it together.
func newThrottle(opts *downloader.Options) throttle {
	limit := opts.LimitRate
	if limit == 0 {
		return throttle{}
	}
	if opts.Mode == downloader.Process {
		limit = max(1, limit/int64(opts.Workers))
	}
	return throttle{rate.NewLimiter(rate.Limit(limit), throttleBurst)}
}

// wait returns when n more bytes may be received, or when ctx ends.
func (t throttle) wait(ctx context.Context, n int) error {
	for n > 0 && t.limiter != nil {
		part := min(n, throttleBurst)
		if err := t.limiter.WaitN(ctx, part); err != nil {
			return context.Cause(ctx)
		}
		n -= part
	}
	return nil
}
