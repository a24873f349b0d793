package work

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// IsClosed reports whether c is closed. Nothing may be sent on c.
func IsClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Overdue returns the failure of an image that takes longer than Options.Timeout.
func Overdue(opts *downloader.Options) *downloader.Error {
	return &downloader.Error{Class: downloader.ClassDeadline, Reason: fmt.Sprintf("not done within %v", opts.Timeout)}
}

// Patience is how long an image waits for open files, ports or processes when no
// other image is in flight that could free some.
const Patience = 30 * time.Second

// Pause waits before another try to get what this machine is short of. The wait grows
// with times, the number of failed tries. It is random, so that images that began to
// wait together do not try together.
func Pause(ctx context.Context, drain <-chan struct{}, times int) *downloader.Error {
	timer := time.NewTimer(Backoff(5*time.Millisecond, time.Second, times, rand.Float64()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return downloader.FromContext(ctx, live.PhasePause.String())
	case <-drain:
		return InterruptedBeforeStart()
	}
}

// Backoff returns the wait after attempt n, from 1. It lies between least and
// least*2^n, but never above most. chance, from [0, 1), says where in that range.
func Backoff(least, most time.Duration, n int, chance float64) time.Duration {
	ceiling := most
	if n < 62 && least<<n>>n == least { // no overflow
		ceiling = min(most, least<<n)
	}
	return least + time.Duration(chance*float64(ceiling-least))
}
