package downloader

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long an image waits for what this machine is short of, once
// no other image is left that could give some back.
const patience = 30 * time.Second

// growth is how many images each of the present number must finish before one
// more may work.
const growth = 16

// scarce reports whether err says that this process or system has no more open
// files or local ports to give: nobody's fault but this machine's, and over when
// others are done.
func scarce(err error) bool {
	if errors.Is(err, errNoPort) {
		return true
	}
	for _, limit := range []error{syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, limit) {
			return true
		}
		if dns, ok := errors.AsType[*net.DNSError](err); ok && strings.Contains(dns.Err, limit.Error()) {
			return true // it has only the words
		}
	}
	return false
}

// unstartable reports whether err says that this machine cannot have another
// process. With no descriptor left, fork and exec at times say EBADF.
func unstartable(err error) bool {
	return scarce(err) || errors.Is(err, syscall.EBADF) || errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.ENOMEM)
}

// pressure has fewer images work at a time when there are not enough open files
// or local ports for all: as many as had what they needed when one of them did not.
type pressure struct {
	mu       sync.Mutex
	active   int             // images that work
	limit    int             // of them; 0: not known
	finished int             // since the limit last changed
	progress time.Time       // when one finished last
	waiting  []chan struct{} // first come, first served
}

// enter waits for an image's turn to work.
func (p *pressure) enter(ctx context.Context, drain <-chan struct{}) *Error {
	p.mu.Lock()
	if p.limit == 0 || (p.active < p.limit && len(p.waiting) == 0) {
		p.active++
		p.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	p.waiting = append(p.waiting, turn)
	p.mu.Unlock()
	var err *Error
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		err = fromContext(ctx, phasePause.String())
	case <-drain:
		err = notBegun()
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
func (p *pressure) admit() {
	for len(p.waiting) > 0 && p.active < p.limit {
		close(p.waiting[0])
		p.waiting = p.waiting[1:]
		p.active++
	}
}

// leave is the end of an image's work. After many of them one more is tried.
func (p *pressure) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	if p.limit == 0 {
		return
	}
	p.progress = time.Now()
	if p.finished++; p.finished >= growth*p.limit {
		p.limit++
		p.finished = 0
	}
	p.admit()
}

// yield gives up an image's turn, and with it the room for one more than are
// left. It reports whether there is hope: others work, or did lately.
func (p *pressure) yield(since time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active--
	hope := p.active > 0 || time.Since(since) < patience || time.Since(p.progress) < patience
	p.limit, p.finished = max(1, p.active), 0
	p.admit()
	return hope
}

// persist runs the transfer until it ends with anything but a want of open files
// or local ports. Attempts that end so do not count. It tries twice at each turn: what
// another image has just closed may take a moment to be free.
func (t *transfer) persist(ctx context.Context) *Error {
	if err := t.pressure.enter(ctx, t.drain); err != nil {
		return err
	}
	err := t.run(ctx)
	since := time.Now()
	for short := 1; err != nil && err.Class == ClassIO && scarce(err.Err); short++ {
		t.tracker.enter(phasePause)
		remedy := "free some, or lower -n"
		if !errors.Is(err.Err, errNoPort) { // a port stays taken for a while: RFC 9293 section 3.6.1
			remedy = "allow more (ulimit -n), or lower -n"
			closeIdle(t.client) // which, with a moment, may be all that it takes
		}
		working := short%2 == 1 // the turn is given up if that is not enough
		if !working && !t.pressure.yield(since) {
			err.Reason = fmt.Sprintf("for %v: %s", patience, remedy)
			return err
		}
		stopped := pause(ctx, t.drain, short)
		if stopped == nil && !working {
			stopped = t.pressure.enter(ctx, t.drain)
			working = stopped == nil
		}
		if stopped != nil {
			if working {
				t.pressure.leave()
			}
			return stopped
		}
		t.before = max(0, t.result.Attempts-1)
		err = t.run(ctx)
	}
	t.pressure.leave()
	return err
}

// pause waits a moment that grows with the number of times, and differs for
// those who began to wait together.
func pause(ctx context.Context, drain <-chan struct{}, times int) *Error {
	timer := time.NewTimer(backoff(5*time.Millisecond, time.Second, times, rand.Float64()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fromContext(ctx, phasePause.String())
	case <-drain:
		return notBegun()
	}
}

// restart starts the process again, and waits if the machine has no room for it.
func (c *child) restart(ctx context.Context) error {
	began := time.Now()
	for times := 1; ; times++ {
		err := c.start(ctx)
		if err == nil || !unstartable(err) || time.Since(began) > patience || pause(ctx, c.drain, times) != nil {
			return err
		}
	}
}
