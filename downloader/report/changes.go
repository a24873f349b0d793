package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchmath"
)

// Changes are what became of the contenders from one saved experiment to
// another.
type Changes struct {
	Type       string   `json:"type"` // "changes"
	Sweep      string   `json:"sweep,omitempty"`
	List       []Change `json:"contenders"`         // those that both have; none if either may not be ranked
	Warnings   []string `json:"warnings,omitempty"` // what else differs
	Conclusion string   `json:"conclusion"`
}

// Change is what became of one contender. Times are medians, in seconds.
type Change struct {
	Name      string  `json:"name"`
	Before    float64 `json:"before_seconds"`
	After     float64 `json:"after_seconds"`
	Ratio     float64 `json:"ratio"` // After / Before
	P         float64 `json:"p"`     // as in a Difference, and what follows
	PAdjusted float64 `json:"p_adjusted"`
	Different bool    `json:"different"`
	Verdict   string  `json:"verdict"`
}

// Compared sets two saved files beside each other: each experiment beside the
// one at the same point of the sweep, the first there beside the first.
func Compared(before, after []Experiment) []Changes {
	var all []Changes
	alone := func(e *Experiment, conclusion string) {
		all = append(all, Changes{Type: "changes", Sweep: e.Conditions.Sweep, List: []Change{}, Conclusion: conclusion})
	}
	left := make([]*Experiment, len(after)) // that have no other beside them yet
	for i := range after {
		left[i] = &after[i]
	}
	for i := range before {
		j := slices.IndexFunc(left, func(e *Experiment) bool { return e.Conditions.Sweep == before[i].Conditions.Sweep })
		if j < 0 {
			alone(&before[i], "The second file has no such comparison.")
			continue
		}
		all = append(all, changes(&before[i], left[j]))
		left = slices.Delete(left, j, j+1)
	}
	for _, e := range left {
		alone(e, "The first file has no such comparison.")
	}
	return all
}

func changes(before, after *Experiment) Changes {
	c := Changes{Type: "changes", Sweep: before.Conditions.Sweep, List: []Change{}}
	if !before.Comparison.Ranked || !after.Comparison.Ranked {
		c.Conclusion = "One of the two is not ranked: nothing is compared."
		return c
	}
	if a, b := before.Comparison.Images, after.Comparison.Images; a != b {
		c.Conclusion = fmt.Sprintf("The first fetched %d images and the second %d: nothing is compared.", a, b)
		return c
	}
	c.Warnings = otherConditions(before, after)
	var tests []Difference
	var least []float64
	for i := range before.Comparison.Modes {
		b := &before.Comparison.Modes[i]
		j := slices.IndexFunc(after.Comparison.Modes, func(f Figures) bool { return f.Name() == b.Name() })
		if j < 0 {
			continue
		}
		a := &after.Comparison.Modes[j]
		p := benchmath.AssumeNothing.Compare(sample(a.Seconds), sample(b.Seconds)).P
		c.List = append(c.List, Change{Name: b.Name(), Before: b.Median, After: a.Median, Ratio: a.Median / b.Median, P: p})
		tests = append(tests, Difference{P: p})
		least = append(least, leastP(len(a.Seconds), len(b.Seconds)))
	}
	holm(tests)
	for i := range c.List {
		c.List[i].judge(tests[i].PAdjusted, least[i]*float64(len(tests)) >= alpha)
	}
	c.Conclusion = conclusionOf(c.List)
	return c
}

// judge says what the test says; few: it could have said nothing else.
func (c *Change) judge(p float64, few bool) {
	c.PAdjusted = p
	c.Different = p < alpha && math.Abs(c.Ratio-1) > margin
	switch {
	case c.Different && c.Ratio < 1:
		c.Verdict = fmt.Sprintf("%.1f %% less time (p = %s)", 100*(1-c.Ratio), probability(p))
	case c.Different:
		c.Verdict = fmt.Sprintf("%.1f %% more time (p = %s)", 100*(c.Ratio-1), probability(p))
	case p < alpha:
		c.Verdict = withinMargin(c.Ratio, p)
	case few:
		c.Verdict = "too few rounds to tell"
	default:
		c.Verdict = fmt.Sprintf("no significant difference (p = %s)", probability(p))
	}
}

func conclusionOf(list []Change) string {
	var differ []string
	for _, c := range list {
		if c.Different {
			differ = append(differ, c.Name+": "+c.Verdict)
		}
	}
	switch {
	case len(list) == 0:
		return "The two have no contender in common."
	case len(differ) == 0:
		return "No difference can be told between the two."
	default:
		return strings.Join(differ, "; ") + "."
	}
}

// otherConditions says what differs besides the time, and so could be the reason.
func otherConditions(before, after *Experiment) []string {
	a, b := before.Conditions, after.Conditions
	var warnings []string
	differ := func(what string, was, is any) {
		if was != is {
			warnings = append(warnings, fmt.Sprintf("Not the same %s: %v and %v.", what, was, is))
		}
	}
	differ("machine", a.Machine, b.Machine)
	differ("version of grab", a.Version, b.Version)
	differ("server", server(a.Local), server(b.Local))
	differ("latency", short(a.Latency), short(b.Latency))
	differ("jitter", short(a.Jitter), short(b.Jitter))
	differ("bandwidth", a.Bandwidth, b.Bandwidth)
	differ("size", cmp.Or(a.Size, "the list's"), cmp.Or(b.Size, "the list's"))
	differ("seed", a.Seed, b.Seed)
	differ("faults", cmp.Or(a.Faults, "none"), cmp.Or(b.Faults, "none"))
	differ("protocol", set("-http1", a.HTTP1), set("-http1", b.HTTP1))
	differ("care for the files", set("-durable", a.Durable), set("-durable", b.Durable))
	differ("check of the images", a.Verify, b.Verify)
	if first, second := firstWhole(before), firstWhole(after); first != nil && second != nil && !sameBytes(first, second) {
		warnings = append(warnings, "The images are not the same.")
	}
	return warnings
}

func server(local bool) string {
	if local {
		return "the embedded one"
	}
	return "the list's own"
}

// set says whether a flag was.
func set(flag string, on bool) string {
	if on {
		return "with " + flag
	}
	return "without " + flag
}

// firstWhole returns a complete run.
func firstWhole(e *Experiment) *Run {
	for i := range e.Runs {
		if e.Runs[i].complete() {
			return &e.Runs[i]
		}
	}
	return nil
}
