package hosts

// fifo is a queue: first in, first out.
type fifo[T any] struct {
	items []T
	taken int // of items, from the start
}

func (q *fifo[T]) len() int { return len(q.items) - q.taken }

func (q *fifo[T]) push(v T) {
	if q.taken > 0 && len(q.items) == cap(q.items) && q.taken >= len(q.items)/2 {
		n := copy(q.items, q.items[q.taken:])
		clear(q.items[n:])
		q.items, q.taken = q.items[:n], 0
	}
	q.items = append(q.items, v)
}

// pop returns the oldest value. The queue must not be empty.
func (q *fifo[T]) pop() T {
	var none T
	v := q.items[q.taken]
	q.items[q.taken] = none
	if q.taken++; q.taken == len(q.items) {
		q.items, q.taken = q.items[:0], 0
	}
	return v
}
