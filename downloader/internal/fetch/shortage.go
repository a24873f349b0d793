package fetch

import (
	"context"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// growth is how many images each of the allowed ones must finish before one more is
// allowed.
const growth = 16

// shortage limits how many images are worked on at a time when there are not enough
// open files or local ports for all. The limit is the number of images that had what
// they needed when one did not.
type shortage struct {
	mu       sync.Mutex
	active   int             // images that are worked on
	allowed  int             // of them; 0: no shortage was seen yet, so no limit
	finished int             // images since allowed last changed
	progress time.Time       // when an image last finished
	waiting  []chan struct{} // closed when their turn comes; first come, first served
}

// enter waits for an image's turn.
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
	p.active-- // its turn came at the same time
	p.admit()
	return err
}

// admit gives turns to waiting images, as far as there is room.
func (p *shortage) admit() {
	for len(p.waiting) > 0 && p.active < p.allowed {
		close(p.waiting[0])
		p.waiting = p.waiting[1:]
		p.active++
	}
}

// leave ends an image's turn. After many images, it allows one more.
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

// giveUpTurn ends the turn of an image that has met a shortage since then, and allows
// no more images than have a turn now. It reports whether waiting may help: others have
// a turn, or finished lately.
func (p *shortage) giveUpTurn(since time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	hope := p.active > 0 || time.Since(since) < work.Patience || time.Since(p.progress) < work.Patience
	p.allowed, p.finished = max(1, p.active), 0
	p.admit()
	return hope
}
