package report

import (
	"fmt"

	"grab/downloader/report/internal/stats"
)

// Difference is what the test says about the times of two contenders.
type Difference struct {
	A           string  `json:"a"` // names of Figures
	B           string  `json:"b"`
	Ratio       float64 `json:"ratio"`       // of the medians, A / B
	P           float64 `json:"p"`           // of the Mann-Whitney U test
	PAdjusted   float64 `json:"p_adjusted"`  // with Holm's correction for all pairs
	Significant bool    `json:"significant"` // PAdjusted is below 0.05
	Different   bool    `json:"different"`   // Significant, and the medians are more than 1 % apart
	TooFew      bool    `json:"too_few"`     // no difference could be significant with so few rounds
	Verdict     string  `json:"verdict"`     // the same in words
}

// differences tests every pair for a difference in time: by the Mann-Whitney U test with Holm's
// correction for the number of pairs.
func differences(modes []Figures) []Difference {
	var all []Difference
	var tests []stats.Test
	for i := range modes {
		for j := i + 1; j < len(modes); j++ {
			a, b := &modes[i], &modes[j]
			all = append(all, Difference{A: a.Name(), B: b.Name(), Ratio: a.Median / b.Median})
			tests = append(tests, stats.Compare(a.Seconds, b.Seconds))
		}
	}
	stats.Holm(tests)
	for i := range all {
		d, t := &all[i], &tests[i]
		d.P, d.PAdjusted, d.TooFew = t.P, t.Adjusted, t.TooFew
		d.Significant, d.Different = t.Significant(), t.Different(d.Ratio)
		d.Verdict = t.Verdict(d.Ratio, fmt.Sprintf("%s takes %.2fx the time of %s", d.A, d.Ratio, d.B))
	}
	return all
}

// other returns the opponent of the contender called name, or "" if the pair does not have it.
func (d *Difference) other(name string) string {
	switch name {
	case d.A:
		return d.B
	case d.B:
		return d.A
	}
	return ""
}
