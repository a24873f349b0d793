package stats

import (
	"math"
	"testing"
)

func TestMakespanIsListScheduling(t *testing.T) {
	for _, test := range []struct {
		workers int
		times   []float64
		want    float64
	}{
		{3, []float64{1.85, 1.85, 1.85, 1.85, 1.85}, 3.7},
		{1, []float64{1.85, 1.85, 1.85, 1.85, 1.85}, 9.25},
		{5, []float64{1.85, 1.85, 1.85, 1.85, 1.85}, 1.85},
		{100, []float64{1, 2, 3}, 3},
		{2, []float64{1, 1, 4}, 5}, // in the order of the list, not the best order
		{2, []float64{4, 1, 1, 1, 1}, 4},
		{2, nil, 0},
		{0, []float64{1, 1}, 2},
	} {
		if got := Makespan(test.times, test.workers); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%v on %d workers: %v s, want %v s", test.times, test.workers, got, test.want)
		}
	}
}
