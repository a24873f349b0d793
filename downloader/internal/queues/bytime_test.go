package queues

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

type task struct{ place int }

// TestByTime compares the heap with a sorted list, while tasks come, move and go.
func TestByTime(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	h := NewByTime(func(t *task) *int { return &t.place })
	start := time.Unix(0, 0)
	tasks := make([]*task, 50)
	for i := range tasks {
		tasks[i] = &task{}
	}
	model := map[*task]time.Time{}
	for range 20_000 {
		task := tasks[rng.IntN(len(tasks))]
		if rng.IntN(3) > 0 {
			at := start.Add(time.Duration(rng.IntN(1000)))
			h.Add(task, at)
			model[task] = at
		} else {
			h.Remove(task)
			delete(model, task)
		}
		if h.Len() != len(model) {
			t.Fatalf("%d values, want %d", h.Len(), len(model))
		}
		if _, in := model[task]; in != (task.place > 0) {
			t.Fatalf("in the heap: %v, but its position is %d", in, task.place)
		}
		if len(model) == 0 {
			continue
		}
		first, at := h.First()
		for other, due := range model {
			if due.Before(at) || other == first && !due.Equal(at) {
				t.Fatalf("the first is due at %v, another at %v", at, due)
			}
		}
	}
	var order []time.Time
	for h.Len() > 0 {
		first, at := h.First()
		h.Remove(first)
		order = append(order, at)
	}
	if !slices.IsSortedFunc(order, time.Time.Compare) || len(order) != len(model) {
		t.Errorf("%d values came in the order %v, want %d", len(order), order, len(model))
	}
	if rest := h.items[:cap(h.items)]; slices.ContainsFunc(rest, func(item timed[*task]) bool { return item.value != nil }) {
		t.Error("the empty heap still holds tasks in memory")
	}
}
