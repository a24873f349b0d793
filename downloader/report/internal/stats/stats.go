// Package stats has the statistics of experiments: medians with their intervals, tests for
// differences in time, and the ideal time.
package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

const (
	// Alpha is the significance level of the tests of one comparison together.
	Alpha = 0.05
	// Confidence is that of the intervals.
	Confidence = 0.95
	// Margin is how far apart two medians must be to be called different, as a share. Half a
	// millisecond in four seconds can be significant, and does not matter to anyone.
	Margin = 0.01
)

// sample copies the values: benchmath sorts the slice that it gets.
func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.Thresholds{CompareAlpha: Alpha})
}

// Interval returns the median of values and its confidence interval, which depends on their order
// alone, with the confidence that it reaches. With too few values the interval spans all of them,
// and the confidence is 0.
func Interval(values []float64) (median, low, high, reached float64) {
	s := benchmath.AssumeNothing.Summary(sample(values), Confidence)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return s.Center, slices.Min(values), slices.Max(values), 0
	}
	return s.Center, s.Lo, s.Hi, s.Confidence
}

// Test is a Mann-Whitney U test for a difference between two samples of times. Adjusted and TooFew
// are set by Holm.
type Test struct {
	P        float64
	Adjusted float64 // P with Holm's correction
	TooFew   bool    // no difference could be significant with so few values

	smallest float64 // P that so few values could have given
}

// Compare tests two samples of times.
func Compare(a, b []float64) Test {
	return Test{
		P:        benchmath.AssumeNothing.Compare(sample(a), sample(b)).P,
		smallest: SmallestP(len(a), len(b)),
	}
}

// SmallestP returns the smallest p of a two-sided U test of n and m values, which comes out when
// all values of one side lie below all of the other.
func SmallestP(n, m int) float64 {
	orders := 1.0 // binomial coefficient of n+m over n
	for i := 1; i <= n; i++ {
		orders *= float64(m+i) / float64(i)
	}
	return min(1, 2/orders)
}

// Holm adjusts the p values of several tests by Holm's method. It multiplies the smallest by the
// number of tests, the next by one less, and so on; none ends up below a smaller one's.
func Holm(tests []Test) {
	order := make([]*Test, len(tests))
	for i := range tests {
		order[i] = &tests[i]
	}
	slices.SortStableFunc(order, func(a, b *Test) int { return cmp.Compare(a.P, b.P) })
	floor := 0.0
	for i, t := range order {
		floor = max(floor, min(1, t.P*float64(len(order)-i)))
		t.Adjusted = floor
		t.TooFew = t.smallest*float64(len(order)) >= Alpha
	}
}

// Significant reports whether the adjusted p value is below Alpha.
func (t *Test) Significant() bool { return t.Adjusted < Alpha }

// Different reports whether the medians, which have this ratio, may be called different.
func (t *Test) Different(ratio float64) bool {
	return t.Significant() && math.Abs(ratio-1) > Margin
}

// Verdict puts the result into words. Only a difference is described by finding.
func (t *Test) Verdict(ratio float64, finding string) string {
	switch {
	case t.Different(ratio):
		return fmt.Sprintf("%s (p = %s)", finding, probability(t.Adjusted))
	case t.Significant():
		return fmt.Sprintf("no significant difference: %.2f %% is less than the %g %% that count (p = %s)",
			100*math.Abs(ratio-1), 100*Margin, probability(t.Adjusted))
	case t.TooFew:
		return "too few rounds to tell"
	default:
		return fmt.Sprintf("no significant difference (p = %s)", probability(t.Adjusted))
	}
}

func probability(p float64) string {
	if p < 0.001 {
		return fmt.Sprintf("%.1e", p)
	}
	return fmt.Sprintf("%.3f", p)
}

// Median returns the median of values, of which there must be at least one.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Percentile returns the smallest of sorted values that this share of all values do not exceed.
func Percentile(sorted []float64, share float64) float64 {
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}
