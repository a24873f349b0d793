package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// What a difference must be to be called one.
const (
	alpha      = 0.05 // of the tests of one comparison, all together
	confidence = 0.95 // of the intervals
	// margin is how far apart medians must be, too: half a millisecond in four
	// seconds can be significant, and is of no use to anyone.
	margin = 0.01
)

// sample takes a copy: benchmath sorts what it is given.
func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.Thresholds{CompareAlpha: alpha})
}

// interval returns the median of values, and the interval that holds the median
// of all possible values with at least so much confidence, by their order alone.
// With too few values the interval is from the least to the greatest, and the
// confidence 0.
func interval(values []float64) (median, low, high, certain float64) {
	s := benchmath.AssumeNothing.Summary(sample(values), confidence)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return s.Center, slices.Min(values), slices.Max(values), 0
	}
	return s.Center, s.Lo, s.Hi, s.Confidence
}

// differences tests every pair for a difference in time, by the Mann-Whitney U
// test with Holm's correction for the number of pairs.
func differences(modes []Figures) []Difference {
	var all []Difference
	var least []float64 // P that a pair could have had
	for i := range modes {
		for j := i + 1; j < len(modes); j++ {
			a, b := &modes[i], &modes[j]
			p := benchmath.AssumeNothing.Compare(sample(a.Seconds), sample(b.Seconds)).P
			all = append(all, Difference{A: a.Name(), B: b.Name(), Ratio: a.Median / b.Median, P: p})
			least = append(least, leastP(len(a.Seconds), len(b.Seconds)))
		}
	}
	holm(all)
	for i := range all {
		d := &all[i]
		d.Significant = d.PAdjusted < alpha
		d.Different = d.Significant && math.Abs(d.Ratio-1) > margin
		d.TooFew = least[i]*float64(len(all)) >= alpha
		d.Verdict = d.verdict()
	}
	return all
}

// holm adjusts the P values: the smallest counts as many times as there are
// tests, the next once less, and so on; none falls below a smaller one's.
func holm(tests []Difference) {
	order := make([]*Difference, len(tests))
	for i := range tests {
		order[i] = &tests[i]
	}
	slices.SortStableFunc(order, func(a, b *Difference) int { return cmp.Compare(a.P, b.P) })
	floor := 0.0
	for i, d := range order {
		floor = max(floor, min(1, d.P*float64(len(order)-i)))
		d.PAdjusted = floor
	}
}

// leastP is the smallest P of a two-sided U test of so many values on each side:
// all of one side below all of the other.
func leastP(n, m int) float64 {
	orders := 1.0 // n+m over n
	for i := 1; i <= n; i++ {
		orders *= float64(m+i) / float64(i)
	}
	return min(1, 2/orders)
}

// verdict says in words what the test says.
func (d *Difference) verdict() string {
	switch {
	case d.Different:
		return fmt.Sprintf("%s takes %.2fx the time of %s (p = %s)", d.A, d.Ratio, d.B, probability(d.PAdjusted))
	case d.Significant:
		return withinMargin(d.Ratio, d.PAdjusted)
	case d.TooFew:
		return "too few rounds to tell"
	default:
		return fmt.Sprintf("no significant difference (p = %s)", probability(d.PAdjusted))
	}
}

// withinMargin is the verdict on a difference that is sure, and too small to count.
func withinMargin(ratio, p float64) string {
	return fmt.Sprintf("no significant difference: %.2f %% is less than the %g %% that count (p = %s)", 100*math.Abs(ratio-1), 100*margin, probability(p))
}

func probability(p float64) string {
	if p < 0.001 {
		return fmt.Sprintf("%.1e", p)
	}
	return fmt.Sprintf("%.3f", p)
}
