package fetch

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"grab/downloader"
)

// steadySpeed is how fast a body has to come to get more time than Options.Timeout, in
// bytes a second. It is far above the default of Options.MinSpeed: a host that drips must
// not keep a worker for days.
const steadySpeed = 8 << 10

// growingLimit is the time limit of an image if Options.TimeoutGrows: Timeout, and a
// second for each steadySpeed bytes that bodies have brought. So a large image on a slow
// line comes through, and the longest time is still bounded, by Options.MaxSize.
type growingLimit struct {
	received atomic.Int64

	mu    sync.Mutex
	timer *time.Timer // nil: stopped
	until time.Time   // without what bodies add
	end   context.CancelCauseFunc
	cause *downloader.Error
}

// start returns a context that ends with cause after base, and longer if bytes come. The
// caller calls stop.
func (l *growingLimit) start(ctx context.Context, base time.Duration, cause *downloader.Error) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, l.end = context.WithCancelCause(ctx)
	l.until, l.cause = time.Now().Add(base), cause
	l.timer = time.AfterFunc(base, l.check)
	return ctx
}

// check ends the image's context if its time is up.
func (l *growingLimit) check() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer == nil {
		return
	}
	if left := time.Until(l.until) + l.grown(); left > 0 {
		l.timer.Reset(left)
		return
	}
	l.end(l.cause)
}

// grown returns how much time bodies have added; none to a limit that was not started.
func (l *growingLimit) grown() time.Duration {
	if l.end == nil {
		return 0
	}
	return time.Duration(float64(l.received.Load()) / steadySpeed * float64(time.Second))
}

func (l *growingLimit) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer.Stop()
	l.timer = nil
	l.end(nil)
}
