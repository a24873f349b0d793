package fetch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// growth is how many images each of the present number must finish before one
// more may work.
const growth = 16

// pressure has fewer images work at a time when there are not enough open files
// or local ports for all: as many as had what they needed when one of them did not.
type shortage struct {
	mu       sync.Mutex
	active   int             // images that work
	allowed    int             // of them; 0: not known
	finished int             // since the limit last changed
	progress time.Time       // when one finished last
	waiting  []chan struct{} // first come, first served
}

// enter waits for an image's turn to work.
func (p *shortage) enter(ctx context.Context, drain <-chan struct{}) *downloader.Error {
	p.mu.Lock()
	if p.allowed == 0 || (p.active < p.allowed && len(p.waiting) == 0) {
		p.active++
		p.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	var err *downloader.Error
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		err = downloader.FromContext(ctx, live.PhasePause.String())
	case <-drain:
		err = work.InterruptedBeforeStart()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, one := range p.waiting {
		if one == turn {
			p.waiting = append(p.waiting[:i], p.waiting[i+1:]...)
			return err
		}
	}
	p.active-- // the turn came meanwhile
	p.admit()
	return err
}

// admit lets in who waits, as far as there is room.
func (p *shortage) admit() {
	for len(p.waiting) > 0 && p.active < p.allowed {
		close(p.waiting[0])
		p.waiting = p.waiting[1:]
		p.active++
	}
}

// leave is the end of an image's work. After many of them one more is tried.
func (p *shortage) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	if p.allowed == 0 {
		return
	}
	p.progress = time.Now()
	if p.finished++; p.finished >= growth*p.allowed {
		p.allowed++
		p.finished = 0
	}
	p.admit()
}

// yield gives up an image's turn, and with it the room for one more than are
// left. It reports whether there is hope: others work, or did lately.
func (p *shortage) giveUpTurn(since time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	hope := p.active > 0 || time.Since(since) < work.Patience || time.Since(p.progress) < work.Patience
	p.allowed, p.finished = max(1, p.active), 0
	p.admit()
	return hope
}

// persist runs the transfer until it ends with anything but a want of open files
// or local ports. Attempts that end so do not count. It tries twice at each turn: what
// another image has just closed may take a moment to be free.
func (t *transfer) withRoom(ctx context.Context) *downloader.Error {
	if err := t.shortage.enter(ctx, t.drain); err != nil {
		return err
	}
	err := t.run(ctx)
	since := time.Now()
	for short := 1; err != nil && err.Class == downloader.ClassIO && client.IsShortage(err.Err); short++ {
		t.tracker.Enter(live.PhasePause)
		remedy := "free some, or lower -n"
		if !errors.Is(err.Err, client.ErrNoPort) { // a port stays taken for a while: RFC 9293 section 3.6.1
			remedy = "allow more (ulimit -n), or lower -n"
			client.CloseIdle(t.client) // which, with a moment, may be all that it takes
		}
		working := short%2 == 1 // the turn is given up if that is not enough
		if !working && !t.shortage.giveUpTurn(since) {
			err.Reason = fmt.Sprintf("for %v: %s", work.Patience, remedy)
			return err
		}
		stopped := work.Pause(ctx, t.drain, short)
		if stopped == nil && !working {
			stopped = t.shortage.enter(ctx, t.drain)
			working = stopped == nil
		}
		if stopped != nil {
			if working {
				t.shortage.leave()
			}
			return stopped
		}
		t.attemptsBefore = max(0, t.result.Attempts-1)
		err = t.run(ctx)
	}
	t.shortage.leave()
	return err
}
