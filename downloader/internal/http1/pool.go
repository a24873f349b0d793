package http1

import (
	"sync"
	"time"
)

// maxSuspects bounds the memory of a pool for servers that it distrusts.
const maxSuspects = 10_000

// pool holds the idle connections to all hosts. They are chained twice: all by age, and those to
// one target by age. So nothing is searched, however many there are.
type pool struct {
	mu       sync.Mutex
	idle     map[target]*conn // the most recently used one to each
	newest   *conn            // the most recently used of all
	oldest   *conn
	count    int
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
	for c := p.idle[to]; c != nil; c = p.idle[to] {
		p.unchain(c)
		c.raw.Close()
	}
}

func (p *pool) remove(to target) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.idle[to]
	if c != nil {
		p.unchain(c)
	}
	return c
}

// chain adds a connection as the most recently used one.
func (p *pool) chain(c *conn) {
	if p.idle == nil {
		p.idle = map[target]*conn{}
	}
	c.before, c.beforeSame = p.newest, p.idle[c.target]
	p.newest, p.idle[c.target] = c, c
	if c.beforeSame != nil {
		c.beforeSame.afterSame = c
	}
	if c.before != nil {
		c.before.after = c
	} else {
		p.oldest = c
	}
	p.count++
}

// unchain removes a connection.
func (p *pool) unchain(c *conn) {
	if c.beforeSame != nil {
		c.beforeSame.afterSame = c.afterSame
	}
	switch {
	case c.afterSame != nil:
		c.afterSame.beforeSame = c.beforeSame
	case c.beforeSame != nil:
		p.idle[c.target] = c.beforeSame
	default:
		delete(p.idle, c.target)
	}
	if c.before != nil {
		c.before.after = c.after
	} else {
		p.oldest = c.after
	}
	if c.after != nil {
		c.after.before = c.before
	} else {
		p.newest = c.before
	}
	c.chained = chained{}
	p.count--
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
	p.chain(c)
	for p.count > maxIdle || c.idleSince.Sub(p.oldest.idleSince) > maxAge {
		oldest := p.oldest
		p.unchain(oldest)
		oldest.raw.Close()
	}
}

// closeAll closes and removes every connection.
func (p *pool) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := p.oldest; c != nil; c = p.oldest {
		p.unchain(c)
		c.raw.Close()
	}
}
