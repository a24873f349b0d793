package testserver

import "sync"

// maxCounted bounds the keys that counts remembers.
const maxCounted = 1 << 20

// counts counts how often each key, such as a URI, came. When it holds maxCounted
// keys, it takes every further key for a new one each time.
type counts struct {
	mu    sync.Mutex
	count map[string]int
}

// add counts a key and returns how often it came before.
func (c *counts) add(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, known := c.count[key]
	if !known && len(c.count) >= maxCounted {
		return 0
	}
	if c.count == nil {
		c.count = make(map[string]int)
	}
	c.count[key] = n + 1
	return n
}

func (c *counts) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count = nil
}
