package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteTable writes a comparison for people.
func WriteTable(w io.Writer, c Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s, %d %s of each mode", c.Images, plural(c.Images, "image"), c.Rounds, plural(c.Rounds, "round"))
	if c.Rounds < c.Planned {
		fmt.Fprintf(&b, " (of %d)", c.Planned)
	}
	b.WriteString("; times in seconds\n\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "mode\tn\tok\tmedian\tmin\tmax\tideal\tspeed-up\tCPU\tMiB\tstart\t")
	for _, m := range c.Modes {
		times := "FAILED\t-\t-\t-" // a failure has no time
		if m.Error == "" {
			times = fmt.Sprintf("%.3f\t%.3f\t%.3f\t%.3f", m.Median, m.Min, m.Max, m.Ideal)
		}
		speedup := "-"
		if m.Speedup > 0 {
			speedup = fmt.Sprintf("%.2fx", m.Speedup)
		}
		fmt.Fprintf(t, "%s\t%d\t%d/%d\t%s\t%s\t%.3f\t%s\t%.3f\t\n",
			m.Mode, m.Workers, m.OK, c.Images, times, speedup, m.CPUSeconds, mebibytes(m.PeakRSSBytes), m.StartupSeconds)
	}
	t.Flush()
	b.WriteString("\n")
	for _, m := range c.Modes {
		if m.Error != "" {
			fmt.Fprintf(&b, "%s failed: %s\n", m.Mode, m.Error)
		}
	}
	b.WriteString(c.verdict() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// verdict says in a sentence whether the times may be compared.
func (c *Comparison) verdict() string {
	switch {
	case c.Ranked:
		return "All modes fetched the same bytes."
	case c.Images == 0:
		return "There was nothing to fetch: nothing is ranked."
	case slices.ContainsFunc(c.Modes, func(m Figures) bool { return m.Error != "" }):
		return "Not every mode did the whole work: their times say nothing, and nothing is ranked."
	case c.Identical:
		return "Not every round was run: nothing is ranked."
	default:
		return "The modes did not fetch the same bytes: their times say nothing, and nothing is ranked."
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
