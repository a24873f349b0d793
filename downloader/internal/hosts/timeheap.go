package hosts

import (
	"container/heap"
	"time"
)

// timeHeap is a set of values that wait for a time, with the earliest first. A value is
// in it at most once. place returns where the value keeps its position, from 1; 0 means
// that it is not in the heap.
type timeHeap[T any] struct {
	items []timed[T]
	place func(T) *int
}

type timed[T any] struct {
	value T
	at    time.Time
}

// add adds v, or moves it to another time.
func (h *timeHeap[T]) add(v T, at time.Time) {
	h.remove(v)
	heap.Push((*heapOrder[T])(h), timed[T]{v, at})
}

// remove takes v out, if it is there.
func (h *timeHeap[T]) remove(v T) {
	if at := *h.place(v); at > 0 {
		heap.Remove((*heapOrder[T])(h), at-1)
	}
}

// len returns the number of values.
func (h *timeHeap[T]) len() int { return len(h.items) }

// first returns the earliest value and its time. The heap must not be empty.
func (h *timeHeap[T]) first() (v T, at time.Time) { return h.items[0].value, h.items[0].at }

// heapOrder is a timeHeap as [heap.Interface] wants it.
type heapOrder[T any] timeHeap[T]

// Len implements [heap.Interface].
func (h *heapOrder[T]) Len() int { return len(h.items) }

// Less implements [heap.Interface].
func (h *heapOrder[T]) Less(i, j int) bool { return h.items[i].at.Before(h.items[j].at) }

// Swap implements [heap.Interface].
func (h *heapOrder[T]) Swap(i, j int) {
	h.items[i], h.items[j] = h.items[j], h.items[i]
	*h.place(h.items[i].value), *h.place(h.items[j].value) = i+1, j+1
}

// Push implements [heap.Interface].
func (h *heapOrder[T]) Push(x any) {
	item := x.(timed[T])
	h.items = append(h.items, item)
	*h.place(item.value) = len(h.items)
}

// Pop implements [heap.Interface].
func (h *heapOrder[T]) Pop() any {
	last := len(h.items) - 1
	item := h.items[last]
	h.items[last] = timed[T]{}
	h.items = h.items[:last]
	*h.place(item.value) = 0
	return item
}
