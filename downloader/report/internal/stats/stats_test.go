package stats

import (
	"math"
	"testing"
)

// Holm's correction keeps the order of the p values, and none exceeds 1.
func TestHolm(t *testing.T) {
	tests := []Test{{P: 0.04}, {P: 0.01}, {P: 0.9}, {P: 0.015}, {P: 0.03}}
	Holm(tests)
	for i, want := range []float64{0.09, 0.05, 0.9, 0.06, 0.09} {
		if math.Abs(tests[i].Adjusted-want) > 1e-12 {
			t.Errorf("P %v is adjusted to %v, want %v", tests[i].P, tests[i].Adjusted, want)
		}
	}
}

func TestInterval(t *testing.T) {
	median, low, high, certain := Interval([]float64{6, 5, 4, 3, 2, 1})
	if median != 3.5 || low != 1 || high != 6 || certain < 0.95 {
		t.Errorf("median %v, from %v to %v, %v", median, low, high, certain)
	}
	if median, low, high, certain := Interval([]float64{3, 1, 2}); median != 2 || low != 1 || high != 3 || certain != 0 {
		t.Errorf("median %v, from %v to %v, %v", median, low, high, certain)
	}
}
