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

// TestHolmLimits has p values that would exceed 1, and one that is too large by nothing.
func TestHolmLimits(t *testing.T) {
	tests := []Test{{P: 0.8, smallest: Alpha / 2}, {P: 0.9, smallest: Alpha / 2 * 0.999}}
	Holm(tests)
	if tests[0].Adjusted != 1 || tests[1].Adjusted != 1 || !tests[0].TooFew || tests[1].TooFew {
		t.Errorf("%+v", tests)
	}
	if p := SmallestP(0, 3); p != 1 {
		t.Errorf("p = %v without any value", p)
	}
	if (&Test{Adjusted: Alpha}).Significant() || !(&Test{Adjusted: 0.04999}).Significant() {
		t.Error("Alpha itself is significant")
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

// TestVerdict puts the results of tests into words.
func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		test  Test
		ratio float64
		want  string
	}{
		{Test{Adjusted: 0.0499}, 1.02, "finding (p = 0.050)"},
		{Test{Adjusted: 0.00099}, 0.98, "finding (p = 9.9e-04)"},
		{Test{Adjusted: 0.001}, 0.98, "finding (p = 0.001)"},
		{Test{Adjusted: 0.01}, 1.009, "no significant difference: 0.90 % is less than the 1 % that count (p = 0.010)"},
		{Test{Adjusted: 0.01}, 0.995, "no significant difference: 0.50 % is less than the 1 % that count (p = 0.010)"},
		{Test{Adjusted: 0.05}, 2, "no significant difference (p = 0.050)"},
		{Test{Adjusted: 1, TooFew: true}, 2, "too few rounds to tell"},
	} {
		if got := c.test.Verdict(c.ratio, "finding"); got != c.want {
			t.Errorf("%+v: %q, want %q", c.test, got, c.want)
		}
	}
}

// TestCompare tests samples of which no value lies between those of the other: the smallest p.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b   []float64
		p      float64
		tooFew bool
	}{
		{[]float64{1}, []float64{2}, 1, true},
		{[]float64{1, 2, 3}, []float64{4, 5, 6}, 0.1, true},
		{[]float64{1, 2, 3, 4}, []float64{8, 7, 6, 5}, 2.0 / 70, false},
		{[]float64{1, 2, 3, 4}, []float64{9, 8, 7, 6, 5}, 2.0 / 126, false},
	} {
		all := []Test{Compare(c.a, c.b)}
		Holm(all)
		if got := all[0]; math.Abs(got.P-c.p) > 1e-9 || math.Abs(SmallestP(len(c.a), len(c.b))-c.p) > 1e-9 || got.TooFew != c.tooFew {
			t.Errorf("%v and %v: %+v, want p = %v", c.a, c.b, got, c.p)
		}
	}
	two := []Test{Compare([]float64{1, 2, 3, 4}, []float64{5, 6, 7, 8}), {P: 1}}
	if Holm(two); !two[0].TooFew {
		t.Error("with two tests, four rounds are not enough")
	}
	for _, c := range []struct {
		values []float64
		median float64
	}{{[]float64{3}, 3}, {[]float64{4, 1}, 2.5}, {[]float64{9, 1, 5}, 5}, {[]float64{9, 1, 5, 2}, 3.5}} {
		if got := Median(c.values); got != c.median {
			t.Errorf("%v: %v, want %v", c.values, got, c.median)
		}
	}
	for share, want := range map[float64]float64{0: 1, 0.25: 1, 0.26: 2, 0.5: 2, 0.95: 4, 1: 4} {
		if got := Percentile([]float64{1, 2, 3, 4}, share); got != want {
			t.Errorf("%v: %v, want %v", share, got, want)
		}
	}
}
