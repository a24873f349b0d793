package queues

import (
	"math/rand/v2"
	"testing"
)

// TestFifo compares the queue with a slice. It must neither grow without bound nor hold
// what was taken from it.
func TestFifo(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var q FIFO[*int]
	var model []*int
	for i := range 50_000 {
		if q.Len() != len(model) {
			t.Fatalf("%d values, want %d", q.Len(), len(model))
		}
		if len(model) > 0 && (len(model) > 100 || rng.IntN(2) == 0) {
			if got := q.Pop(); got != model[0] {
				t.Fatalf("took %d, want %d", *got, *model[0])
			}
			model = model[1:]
			continue
		}
		q.Push(&i)
		model = append(model, &i)
	}
	if most := 512; cap(q.items) > most {
		t.Errorf("room for %d values, want at most %d", cap(q.items), most)
	}
	held := 0
	for _, v := range q.items[:cap(q.items)] {
		if v != nil {
			held++
		}
	}
	if held != len(model) {
		t.Errorf("the queue holds %d values in memory, want %d", held, len(model))
	}
}
