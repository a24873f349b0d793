package work

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

func IsClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func Overdue(opts *downloader.Options) *downloader.Error {
	return &downloader.Error{Class: downloader.ClassDeadline, Reason: fmt.Sprintf("not done within %v", opts.Timeout)}
}

// patience is how long an image waits for what this machine is short of, once
// no other image is left that could give some back.
const Patience = 30 * time.Second

// pause waits a moment that grows with the number of times, and differs for
// those who began to wait together.
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

// backoff returns the wait after attempt n, from 1: full jitter between least
// and least*2^n, which is capped at most. chance is from [0, 1).
func Backoff(least, most time.Duration, n int, chance float64) time.Duration {
	ceiling := most
	if n < 62 && least<<n>>n == least { // no overflow
		ceiling = min(most, least<<n)
	}
	return least + time.Duration(chance*float64(ceiling-least))
}
