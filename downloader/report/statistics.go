package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

const (
	alpha      = 0.05 // significance level of the tests of one comparison together
	confidence = 0.95 // of the intervals
	// margin is how far apart two medians must be to be called different, as a share. Half a
	// millisecond in four seconds can be significant, and does not matter to anyone.
	margin = 0.01
)

// sample copies the values: benchmath sorts the slice that it gets.
func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.Thresholds{CompareAlpha: alpha})
}

// interval returns the median of values and its confidence interval, which depends on their order
// alone, with the confidence that it reaches. With too few values the interval spans all of them,
// and the confidence is 0.
func interval(values []float64) (median, low, high, reached float64) {
	s := benchmath.AssumeNothing.Summary(sample(values), confidence)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return s.Center, slices.Min(values), slices.Max(values), 0
	}
	return s.Center, s.Lo, s.Hi, s.Confidence
}

// uTest is a Mann-Whitney U test of the times of two contenders. The last two fields are set by
// holm.
type uTest struct {
	p        float64
	smallest float64 // p that so few values could have given
	adjusted float64 // p with Holm's correction
	tooFew   bool    // adjusted could not have been significant
}

func newUTest(a, b []float64) uTest {
	return uTest{
		p:        benchmath.AssumeNothing.Compare(sample(a), sample(b)).P,
		smallest: smallestP(len(a), len(b)),
	}
}

// smallestP returns the smallest p of a two-sided U test of n and m values, which comes out when
// all values of one side lie below all of the other.
func smallestP(n, m int) float64 {
	orders := 1.0 // binomial coefficient of n+m over n
	for i := 1; i <= n; i++ {
		orders *= float64(m+i) / float64(i)
	}
	return min(1, 2/orders)
}

// holm adjusts the p values of several tests by Holm's method. It multiplies the smallest by the
// number of tests, the next by one less, and so on; none ends up below a smaller one's.
func holm(tests []uTest) {
	order := make([]*uTest, len(tests))
	for i := range tests {
		order[i] = &tests[i]
	}
	slices.SortStableFunc(order, func(a, b *uTest) int { return cmp.Compare(a.p, b.p) })
	floor := 0.0
	for i, t := range order {
		floor = max(floor, min(1, t.p*float64(len(order)-i)))
		t.adjusted = floor
		t.tooFew = t.smallest*float64(len(order)) >= alpha
	}
}

func (t *uTest) significant() bool { return t.adjusted < alpha }

// different reports whether the medians, which have this ratio, may be called different.
func (t *uTest) different(ratio float64) bool {
	return t.significant() && math.Abs(ratio-1) > margin
}

// verdict puts the result into words. Only a difference is described by finding.
func (t *uTest) verdict(ratio float64, finding string) string {
	switch {
	case t.different(ratio):
		return fmt.Sprintf("%s (p = %s)", finding, probability(t.adjusted))
	case t.significant():
		return fmt.Sprintf("no significant difference: %.2f %% is less than the %g %% that count (p = %s)",
			100*math.Abs(ratio-1), 100*margin, probability(t.adjusted))
	case t.tooFew:
		return "too few rounds to tell"
	default:
		return fmt.Sprintf("no significant difference (p = %s)", probability(t.adjusted))
	}
}

func probability(p float64) string {
	if p < 0.001 {
		return fmt.Sprintf("%.1e", p)
	}
	return fmt.Sprintf("%.3f", p)
}
