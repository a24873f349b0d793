package testserver

import (
	"bytes"
	"container/list"
	"runtime"
	"sync"
)

// cacheLimit bounds the encoded pictures that are kept, in bytes.
const cacheLimit = 64 << 20

// encoded is a picture in its file format.
type encoded struct {
	data   []byte
	digest uint64
}

// cache keeps encoded pictures, and drops those that were not used for the
// longest time when they take more than limit bytes together.
type cache struct {
	limit int64
	slots chan struct{} // bounds the pictures being painted, which are large

	mu      sync.Mutex
	entries map[base]*list.Element // of *cacheEntry
	recent  list.List              // most recently used first
	size    int64
}

type cacheEntry struct {
	key  base
	load func() (encoded, error)
	size int64 // 0 until loaded
}

func newCache(limit int64) *cache {
	return &cache{
		limit:   limit,
		slots:   make(chan struct{}, runtime.GOMAXPROCS(0)),
		entries: make(map[base]*list.Element),
	}
}

// get returns the encoding of a picture. Callers that ask for the same
// picture at the same time share one encoding.
func (c *cache) get(key base) (encoded, error) {
	return c.entry(key).load()
}

func (c *cache) entry(key base) *cacheEntry {
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
	data := bytes.Clone(buf.Bytes()) // without the spare room of the buffer
	c.loaded(e, int64(len(data)))
	return encoded{data: data, digest: hashBytes(fnvOffset, data)}, err
}

// loaded accounts for an entry that has got its data, and makes room.
func (c *cache) loaded(e *cacheEntry, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.size = size
	c.size += size
	// An entry still being loaded is passed over: its size is not known, and
	// others wait for it.
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
