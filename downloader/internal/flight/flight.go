// Package flight lets many callers wait for one piece of work.
package flight

import (
	"context"
	"sync"
)

// Group is work under way, by key. The zero value is ready for use.
type Group[K comparable, V any] struct {
	mu  sync.Mutex
	all map[K]*call[V]
}

// call is one piece of work.
type call[V any] struct {
	done    chan struct{} // closed when value is there
	value   V
	waiting int // callers; guarded by the group's lock
	cancel  context.CancelFunc
}

// Do returns the value of work. If another caller waits for the same key, both get the
// value of one call. A caller whose ctx ends gives up alone: work goes on for the others,
// and its own context ends with the last of them. work gets no values of ctx, which
// belong to one caller.
func (g *Group[K, V]) Do(ctx context.Context, key K, work func(context.Context) V) (V, error) {
	g.mu.Lock()
	c := g.all[key]
	if c == nil {
		c = g.start(key, work)
	}
	c.waiting++
	g.mu.Unlock()
	select {
	case <-c.done:
		return c.value, nil
	case <-ctx.Done():
		g.leave(key, c)
		var none V
		return none, context.Cause(ctx)
	}
}

// start starts work. The caller holds the lock.
func (g *Group[K, V]) start(key K, work func(context.Context) V) *call[V] {
	ctx, cancel := context.WithCancel(context.Background())
	c := &call[V]{done: make(chan struct{}), cancel: cancel}
	if g.all == nil {
		g.all = map[K]*call[V]{}
	}
	g.all[key] = c
	go func() {
		defer cancel()
		c.value = work(ctx)
		g.forget(key, c)
		close(c.done)
	}()
	return c
}

// forget makes the next caller start anew.
func (g *Group[K, V]) forget(key K, c *call[V]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all[key] == c {
		delete(g.all, key)
	}
}

// leave ends one caller's wait.
func (g *Group[K, V]) leave(key K, c *call[V]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.waiting--; c.waiting > 0 {
		return
	}
	c.cancel()
	if g.all[key] == c { // the next caller must not get the value of work that was cut off
		delete(g.all, key)
	}
}
