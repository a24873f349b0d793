package http1

import (
	"sync"
	"time"
)

// maxSuspects bounds the memory of a pool for servers that it distrusts.
const maxSuspects = 10_000

// pool holds the idle connections to all hosts.
type pool struct {
	mu       sync.Mutex
	idle     []*conn         // the most recently used last
	suspects map[target]bool // whose connections are not kept
}

// take removes the most recently used connection to a target that has been idle
// for less than maxAge and still works. It returns nil if there is none. Taking
// the most recently used first lets the others expire.
func (p *pool) take(to target, maxAge time.Duration) *conn {
	for {
		c := p.remove(to)
		if c == nil {
			return nil
		}
		if time.Since(c.idleSince) < maxAge {
			switch c.look() {
			case quiet:
				return c
			case talking:
				p.distrust(to)
			}
		}
		c.raw.Close()
	}
}

// distrust keeps no connections to a target from now on. Its server has sent bytes
// that nobody asked for. Next time they may come when they look like a response.
func (p *pool) distrust(to target) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.suspects == nil || len(p.suspects) >= maxSuspects {
		p.suspects = map[target]bool{}
	}
	p.suspects[to] = true
	kept := p.idle[:0]
	for _, c := range p.idle {
		if c.target == to {
			c.raw.Close()
		} else {
			kept = append(kept, c)
		}
	}
	clear(p.idle[len(kept):])
	p.idle = kept
}

func (p *pool) remove(to target) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.idle) - 1; i >= 0; i-- {
		if c := p.idle[i]; c.target == to {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return c
		}
	}
	return nil
}

// put adds a connection, unless its server is distrusted. It closes the connections
// that have been idle for more than maxAge, and the oldest ones if there are more than
// maxIdle.
func (p *pool) put(c *conn, maxIdle int, maxAge time.Duration) {
	c.idleSince = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.suspects[c.target] {
		c.raw.Close()
		return
	}
	p.idle = append(p.idle, c)
	for len(p.idle) > maxIdle || c.idleSince.Sub(p.idle[0].idleSince) > maxAge {
		p.idle[0].raw.Close()
		p.idle = p.idle[1:]
	}
}

// closeAll closes and removes every connection.
func (p *pool) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.raw.Close()
	}
	p.idle = nil
}
