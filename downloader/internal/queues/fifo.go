// Package queues keeps values that wait: in memory, by time, or in a file.
package queues

// FIFO is a queue in memory: first in, first out.
type FIFO[T any] struct {
	items []T
	taken int // of items, from the start
}

// Len returns the number of values.
func (q *FIFO[T]) Len() int { return len(q.items) - q.taken }

// Push adds the newest value.
func (q *FIFO[T]) Push(v T) {
	if q.taken > 0 && len(q.items) == cap(q.items) && q.taken >= len(q.items)/2 {
		n := copy(q.items, q.items[q.taken:])
		clear(q.items[n:])
		q.items, q.taken = q.items[:n], 0
	}
	q.items = append(q.items, v)
}

// Pop returns the oldest value. The queue must not be empty.
func (q *FIFO[T]) Pop() T {
	var none T
	v := q.items[q.taken]
	q.items[q.taken] = none
	if q.taken++; q.taken == len(q.items) {
		q.items, q.taken = q.items[:0], 0
	}
	return v
}
