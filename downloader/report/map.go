package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteMap writes the experiments of a sweep side by side: a line for each, with
// the median of each contender and which of them is the fastest.
func WriteMap(w io.Writer, experiments []Experiment) error {
	var names []string // of all contenders, which differ in a sweep of workers
	for i := range experiments {
		for j := range experiments[i].Comparison.Modes {
			if name := experiments[i].Comparison.Modes[j].Name(); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	var b strings.Builder
	b.WriteString("The map: medians in seconds\n\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\t%s\t fastest\t\n", strings.Join(names, "\t"))
	for i := range experiments {
		e := &experiments[i]
		fmt.Fprintf(t, "%s\t", e.Conditions.Sweep)
		for _, name := range names {
			at := slices.IndexFunc(e.Comparison.Modes, func(f Figures) bool { return f.Name() == name })
			switch {
			case at < 0:
				fmt.Fprint(t, "\t")
			case e.Comparison.Modes[at].Error != "":
				fmt.Fprintf(t, "%s\t", e.Comparison.Modes[at].instead())
			default:
				fmt.Fprintf(t, "%.3f\t", e.Comparison.Modes[at].Median)
			}
		}
		fmt.Fprintf(t, " %s\t\n", e.Comparison.fastest())
	}
	t.Flush()
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

// fastest names the contender with the least time, and those that are not told
// from it; "-" where nothing is ranked.
func (c *Comparison) fastest() string {
	if !c.Ranked {
		return "-"
	}
	if slices.ContainsFunc(c.Differences, func(d Difference) bool { return d.TooFew }) {
		return "too few rounds to tell"
	}
	names := []string{c.best().Name()}
	for _, d := range c.Differences {
		if other := d.other(names[0]); other != "" && !d.Different {
			names = append(names, other)
		}
	}
	return strings.Join(names, " or ")
}

// other returns the other side of a difference, if name is one of its sides.
func (d *Difference) other(name string) string {
	switch name {
	case d.A:
		return d.B
	case d.B:
		return d.A
	}
	return ""
}
