package http1

import (
	"sync"
	"time"
)

// pool holds the idle connections to all hosts.
type pool struct {
	mu   sync.Mutex
	idle []*conn // the most recently used last
}

// take removes the most recently used connection to address that has been idle
// for less than maxAge and still works. It returns nil if there is none. Taking
// the most recently used first lets the others expire.
func (p *pool) take(address string, maxAge time.Duration) *conn {
	for {
		c := p.remove(address)
		if c == nil || time.Since(c.idleSince) < maxAge && c.probe.unchanged() {
			return c
		}
		c.raw.Close()
	}
}

func (p *pool) remove(address string) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.idle) - 1; i >= 0; i-- {
		if c := p.idle[i]; c.address == address {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			return c
		}
	}
	return nil
}

// put adds a connection. It closes the connections that have been idle for more
// than maxAge, and the oldest ones if there are more than maxIdle.
func (p *pool) put(c *conn, maxIdle int, maxAge time.Duration) {
	c.reused, c.idleSince = true, time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
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
