package queues

import (
	"container/heap"
	"iter"
	"time"
)

// ByTime is a set of values that wait for a time, with the earliest first. A value is
// in it at most once.
type ByTime[T any] struct {
	items []timed[T]
	place func(T) *int
}

type timed[T any] struct {
	value T
	at    time.Time
}

// NewByTime returns an empty set. place returns where a value keeps its position in it, from
// 1; 0 means that it is not in the set.
func NewByTime[T any](place func(T) *int) *ByTime[T] { return &ByTime[T]{place: place} }

// Add adds v, or moves it to another time.
func (h *ByTime[T]) Add(v T, at time.Time) {
	h.Remove(v)
	heap.Push((*byTimeOrder[T])(h), timed[T]{v, at})
}

// Remove takes v out, if it is there.
func (h *ByTime[T]) Remove(v T) {
	if at := *h.place(v); at > 0 {
		heap.Remove((*byTimeOrder[T])(h), at-1)
	}
}

// Len returns the number of values.
func (h *ByTime[T]) Len() int { return len(h.items) }

// First returns the earliest value and its time. The set must not be empty.
func (h *ByTime[T]) First() (v T, at time.Time) { return h.items[0].value, h.items[0].at }

// All returns the values in no order. They must not change while it runs.
func (h *ByTime[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, item := range h.items {
			if !yield(item.value) {
				return
			}
		}
	}
}

// byTimeOrder is a ByTime as [heap.Interface] wants it.
type byTimeOrder[T any] ByTime[T]

// Len implements [heap.Interface].
func (h *byTimeOrder[T]) Len() int { return len(h.items) }

// Less implements [heap.Interface].
func (h *byTimeOrder[T]) Less(i, j int) bool { return h.items[i].at.Before(h.items[j].at) }

// Swap implements [heap.Interface].
func (h *byTimeOrder[T]) Swap(i, j int) {
	h.items[i], h.items[j] = h.items[j], h.items[i]
	*h.place(h.items[i].value), *h.place(h.items[j].value) = i+1, j+1
}

// Push implements [heap.Interface].
func (h *byTimeOrder[T]) Push(x any) {
	item := x.(timed[T])
	h.items = append(h.items, item)
	*h.place(item.value) = len(h.items)
}

// Pop implements [heap.Interface].
func (h *byTimeOrder[T]) Pop() any {
	last := len(h.items) - 1
	item := h.items[last]
	h.items[last] = timed[T]{}
	h.items = h.items[:last]
	*h.place(item.value) = 0
	return item
}
