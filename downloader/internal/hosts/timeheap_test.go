package hosts

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestTimeHeap compares the heap with a sorted list, while tasks come, move and go.
func TestTimeHeap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	h := &timeHeap[*Task]{place: func(t *Task) *int { return &t.duePos }}
	start := time.Unix(0, 0)
	tasks := make([]*Task, 50)
	for i := range tasks {
		tasks[i] = &Task{}
	}
	model := map[*Task]time.Time{}
	for range 20_000 {
		task := tasks[rng.IntN(len(tasks))]
		if rng.IntN(3) > 0 {
			at := start.Add(time.Duration(rng.IntN(1000)))
			h.add(task, at)
			model[task] = at
		} else {
			h.remove(task)
			delete(model, task)
		}
		if h.len() != len(model) {
			t.Fatalf("%d values, want %d", h.len(), len(model))
		}
		if _, in := model[task]; in != (task.duePos > 0) {
			t.Fatalf("in the heap: %v, but its position is %d", in, task.duePos)
		}
		if len(model) == 0 {
			continue
		}
		first, at := h.first()
		for other, due := range model {
			if due.Before(at) || other == first && !due.Equal(at) {
				t.Fatalf("the first is due at %v, another at %v", at, due)
			}
		}
	}
	var order []time.Time
	for h.len() > 0 {
		first, at := h.first()
		h.remove(first)
		order = append(order, at)
	}
	if !slices.IsSortedFunc(order, time.Time.Compare) || len(order) != len(model) {
		t.Errorf("%d values came in the order %v, want %d", len(order), order, len(model))
	}
	if rest := h.items[:cap(h.items)]; slices.ContainsFunc(rest, func(item timed[*Task]) bool { return item.value != nil }) {
		t.Error("the empty heap still holds tasks in memory")
	}
}
