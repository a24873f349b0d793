package imagefile

import (
	"context"
	"sync"
)

// memory is a number of bytes that decoders share.
type memory struct {
	total int64
	turn  chan struct{} // held by the one that waits for bytes, so that the order is kept
	freed chan struct{} // signals that bytes came back

	mu   sync.Mutex
	free int64
}

func newMemory(total int64) *memory {
	return &memory{
		total: total, free: total,
		turn: make(chan struct{}, 1), freed: make(chan struct{}, 1),
	}
}

// acquire waits until n bytes are free, and takes them. If there are fewer in all, it
// takes all of them. It returns a function that gives them back.
func (m *memory) acquire(ctx context.Context, n int64) (release func(), err error) {
	n = min(n, m.total)
	select {
	case m.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-m.turn }()
	for !m.take(n) {
		select {
		case <-m.freed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return func() { m.give(n) }, nil
}

// take takes n bytes if they are free.
func (m *memory) take(n int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n > m.free {
		return false
	}
	m.free -= n
	return true
}

// give gives n bytes back.
func (m *memory) give(n int64) {
	m.mu.Lock()
	m.free += n
	m.mu.Unlock()
	select {
	case m.freed <- struct{}{}:
	default: // a signal is there already
	}
}
