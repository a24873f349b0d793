package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report/internal/stats"
)

// times returns the times of a number of rounds, log-normal around median.
func times(random *rand.Rand, rounds int, median, spread float64) []float64 {
	var all []float64
	for range rounds {
		all = append(all, median*math.Exp(spread*random.NormFloat64()))
	}
	return all
}

// Two or three samples of the same distribution are called different in at most 5 % of comparisons,
// whatever the spread. One that is 10 % slower is found every time.
func TestTheSameIsNotCalledDifferent(t *testing.T) {
	const comparisons, rounds = 200, 10
	for _, contenders := range []int{2, 3} {
		for _, spread := range []float64{0.02, 0.1, 0.5} {
			random := rand.New(rand.NewPCG(1, uint64(contenders)))
			wrong := 0
			for range comparisons {
				var modes []Figures
				for n := range contenders {
					f := Figures{Mode: downloader.Pool, Workers: n, Seconds: times(random, rounds, 1, spread)}
					f.Median, _, _, _ = stats.Interval(f.Seconds)
					modes = append(modes, f)
				}
				for _, d := range differences(modes) {
					if d.Different {
						wrong++
						break
					}
				}
			}
			t.Logf("%d contenders, spread %v: %d of %d called different", contenders, spread, wrong, comparisons)
			if wrong > comparisons/20 {
				t.Errorf("%d contenders, spread %v: %d of %d called different", contenders, spread, wrong, comparisons)
			}
		}
	}
	random := rand.New(rand.NewPCG(2, 2))
	for range comparisons {
		a, b := times(random, rounds, 1, 0.02), times(random, rounds, 1.1, 0.02)
		d := differences([]Figures{{Mode: "a", Seconds: a, Median: 1}, {Mode: "b", Seconds: b, Median: 1.1}})[0]
		if !d.Different || !strings.Contains(d.Verdict, "0.91x") {
			t.Fatalf("a tenth is not found: %+v", d)
		}
	}
}

// A difference of less than 1 % does not count, however significant it is.
func TestMargin(t *testing.T) {
	a, b := Figures{Mode: "a", Median: 3.711}, Figures{Mode: "b", Median: 3.712}
	for i := range 10 {
		a.Seconds = append(a.Seconds, 3.711+float64(i)*1e-6)
		b.Seconds = append(b.Seconds, 3.712+float64(i)*1e-6)
	}
	d := differences([]Figures{a, b})[0]
	if !d.Significant || d.Different || !strings.HasPrefix(d.Verdict, "no significant difference: 0.03 % is less than the 1 %") {
		t.Errorf("%+v", d)
	}
}

// With too few rounds for the number of pairs, the verdict says so instead of calling any two
// equal.
func TestTooFewRounds(t *testing.T) {
	for _, test := range []struct {
		contenders, rounds int
		few                bool
	}{{2, 3, true}, {2, 4, false}, {3, 4, true}, {3, 5, false}, {7, 5, true}, {7, 6, false}} {
		var modes []Figures
		for i := range test.contenders {
			f := Figures{Mode: "m", Workers: i, Median: float64(i + 1)}
			for round := range test.rounds {
				f.Seconds = append(f.Seconds, float64(i+1)+float64(round)/1000)
			}
			modes = append(modes, f)
		}
		for _, d := range differences(modes) {
			if d.TooFew != test.few || d.Different == test.few || (d.Verdict == "too few rounds to tell") != test.few {
				t.Errorf("%d contenders, %d rounds: %+v", test.contenders, test.rounds, d)
			}
		}
	}
}
