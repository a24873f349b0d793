package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"grab/downloader/report/internal/format"
	"grab/downloader/report/internal/stats"
)

// Changes compares a saved experiment with a later one.
type Changes struct {
	Type       string   `json:"type"` // "changes"
	Sweep      string   `json:"sweep,omitempty"`
	List       []Change `json:"contenders"`         // those in both experiments; none unless both are ranked
	Warnings   []string `json:"warnings,omitempty"` // other differences between the two
	Conclusion string   `json:"conclusion"`
}

// Change is how the time of one contender changed. Times are medians, in seconds.
type Change struct {
	Name      string  `json:"name"`
	Before    float64 `json:"before_seconds"`
	After     float64 `json:"after_seconds"`
	Ratio     float64 `json:"ratio"` // After / Before
	P         float64 `json:"p"`     // this and the rest are as in Difference
	PAdjusted float64 `json:"p_adjusted"`
	Different bool    `json:"different"`
	Verdict   string  `json:"verdict"`
}

// CompareSaved compares two saved files. It pairs each experiment with one at the same point of
// the sweep, in the order of the files.
func CompareSaved(before, after []Experiment) []Changes {
	var all []Changes
	unpaired := func(e *Experiment, conclusion string) {
		c := newChanges(e)
		c.Conclusion = conclusion
		all = append(all, c)
	}
	left := make([]*Experiment, len(after)) // not paired yet
	for i := range after {
		left[i] = &after[i]
	}
	for i := range before {
		j := slices.IndexFunc(left, func(e *Experiment) bool { return e.Conditions.Sweep == before[i].Conditions.Sweep })
		if j < 0 {
			unpaired(&before[i], "The second file has no such comparison.")
			continue
		}
		all = append(all, compareSaved(&before[i], left[j]))
		left = slices.Delete(left, j, j+1)
	}
	for _, e := range left {
		unpaired(e, "The first file has no such comparison.")
	}
	return all
}

func newChanges(e *Experiment) Changes {
	return Changes{Type: "changes", Sweep: e.Conditions.Sweep, List: []Change{}}
}

func compareSaved(before, after *Experiment) Changes {
	c := newChanges(before)
	if !before.Comparison.Ranked || !after.Comparison.Ranked {
		c.Conclusion = "One of the two is not ranked: nothing is compared."
		return c
	}
	if a, b := before.Comparison.Images, after.Comparison.Images; a != b {
		c.Conclusion = fmt.Sprintf("The first fetched %d images and the second %d: nothing is compared.", a, b)
		return c
	}
	c.Warnings = conditionWarnings(before, after)
	var tests []stats.Test
	for i := range before.Comparison.Modes {
		b := &before.Comparison.Modes[i]
		a := after.Comparison.Find(b.Contender())
		if a == nil {
			continue
		}
		c.List = append(c.List, Change{Name: b.Name(), Before: b.Median, After: a.Median, Ratio: a.Median / b.Median})
		tests = append(tests, stats.Compare(a.Seconds, b.Seconds))
	}
	stats.Holm(tests)
	for i := range c.List {
		c.List[i].apply(&tests[i])
	}
	c.Conclusion = changesConclusion(c.List)
	return c
}

// apply sets the fields that follow from the test.
func (c *Change) apply(t *stats.Test) {
	c.P, c.PAdjusted, c.Different = t.P, t.Adjusted, t.Different(c.Ratio)
	finding := fmt.Sprintf("%.1f %% less time", 100*(1-c.Ratio))
	if c.Ratio >= 1 {
		finding = fmt.Sprintf("%.1f %% more time", 100*(c.Ratio-1))
	}
	c.Verdict = t.Verdict(c.Ratio, finding)
}

func changesConclusion(list []Change) string {
	var different []string
	for _, c := range list {
		if c.Different {
			different = append(different, c.Name+": "+c.Verdict)
		}
	}
	switch {
	case len(list) == 0:
		return "The two have no contender in common."
	case len(different) == 0:
		return "No significant difference was found between the two."
	default:
		return strings.Join(different, "; ") + "."
	}
}

// conditionWarnings lists the conditions that differ, and so could explain a change.
func conditionWarnings(before, after *Experiment) []string {
	a, b := before.Conditions, after.Conditions
	var warnings []string
	compare := func(what string, was, is any) {
		if was != is {
			warnings = append(warnings, fmt.Sprintf("Not the same %s: %v and %v.", what, was, is))
		}
	}
	compare("machine", a.Machine, b.Machine)
	compare("version of grab", a.Version, b.Version)
	compare("server", serverName(a.Local), serverName(b.Local))
	compare("latency", format.Short(a.Latency), format.Short(b.Latency))
	compare("jitter", format.Short(a.Jitter), format.Short(b.Jitter))
	compare("bandwidth", a.Bandwidth, b.Bandwidth)
	compare("size", cmp.Or(a.Size, "the list's"), cmp.Or(b.Size, "the list's"))
	compare("seed", a.Seed, b.Seed)
	compare("faults", cmp.Or(a.Faults, "none"), cmp.Or(b.Faults, "none"))
	compare("protocol", flagText("-http1", a.HTTP1), flagText("-http1", b.HTTP1))
	compare("protocol", flagText("-http2", a.HTTP2), flagText("-http2", b.HTTP2))
	compare("durability", flagText("-durable", a.Durable), flagText("-durable", b.Durable))
	compare("verification", a.Verify, b.Verify)
	if first, second := firstComplete(before), firstComplete(after); first != nil && second != nil && !sameBytes(first, second) {
		warnings = append(warnings, "The images are not the same.")
	}
	return warnings
}

func serverName(local bool) string {
	if local {
		return "the embedded one"
	}
	return "the list's own"
}

func flagText(flag string, set bool) string {
	if set {
		return "with " + flag
	}
	return "without " + flag
}

// firstComplete returns the first complete run, or nil.
func firstComplete(e *Experiment) *Run {
	for i := range e.Runs {
		if e.Runs[i].complete() {
			return &e.Runs[i]
		}
	}
	return nil
}
