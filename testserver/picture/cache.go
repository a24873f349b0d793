package picture

import (
	"bytes"
	"container/list"
	"runtime"
	"sync"
)

// cacheLimit bounds the encoded pictures in a cache, in bytes.
const cacheLimit = 64 << 20

// encoded is a picture in its file format.
type encoded struct {
	data   []byte
	digest uint64
}

// cache keeps encoded pictures. When they take more than limit bytes together, it
// drops the least recently used ones.
type cache struct {
	limit int64
	slots chan struct{} // bounds the pictures being painted: each needs much memory

	mu      sync.Mutex
	entries map[look]*list.Element // of *cacheEntry
	recent  list.List              // most recently used first
	size    int64
}

type cacheEntry struct {
	key  look
	load func() (encoded, error)
	size int64 // 0 until loaded
}

func newCache(limit int64) *cache {
	return &cache{
		limit:   limit,
		slots:   make(chan struct{}, runtime.GOMAXPROCS(0)),
		entries: make(map[look]*list.Element),
	}
}

// get returns the encoding of a picture. Concurrent calls for the same picture
// share one encoding.
func (c *cache) get(key look) (encoded, error) {
	return c.entry(key).load()
}

func (c *cache) entry(key look) *cacheEntry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.entries[key]; ok {
		c.recent.MoveToFront(el)
		return el.Value.(*cacheEntry)
	}
	e := &cacheEntry{key: key}
	e.load = sync.OnceValues(func() (encoded, error) { return c.encode(e) })
	c.entries[key] = c.recent.PushFront(e)
	return e
}

func (c *cache) encode(e *cacheEntry) (encoded, error) {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	var buf bytes.Buffer
	err := e.key.format.encode(&buf, e.key.draw())
	data := bytes.Clone(buf.Bytes()) // without the buffer's spare capacity
	c.loaded(e, int64(len(data)))
	return encoded{data: data, digest: hashBytes(fnvOffset, data)}, err
}

// loaded accounts for an entry that has its data now, and drops old entries.
func (c *cache) loaded(e *cacheEntry, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.size = size
	c.size += size
	// Entries still being loaded stay: their size is not known yet, and others
	// wait for them.
	for el := c.recent.Back(); el != nil && c.size > c.limit; {
		prev := el.Prev()
		if old := el.Value.(*cacheEntry); old.size > 0 {
			c.recent.Remove(el)
			delete(c.entries, old.key)
			c.size -= old.size
		}
		el = prev
	}
}
