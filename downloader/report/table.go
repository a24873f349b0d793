package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteTable writes a comparison for people.
func WriteTable(w io.Writer, c Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d images, %d %s of each mode", c.Images, c.Rounds, plural(c.Rounds, "round"))
	if c.Rounds < c.Planned {
		fmt.Fprintf(&b, " (of %d: no more after a failure)", c.Planned)
	}
	b.WriteString("\n\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "mode\tworkers\tok\tmedian\tmin\tmax\tideal\tspeed-up\tCPU\tmemory\tstart-up\t")
	for _, m := range c.Modes {
		times := "FAILED\t-\t-\t-" // a failure has no time
		if m.Error == "" {
			times = fmt.Sprintf("%.3f s\t%.3f s\t%.3f s\t%.3f s", m.Median, m.Min, m.Max, m.Ideal)
		}
		speedup := "-"
		if m.Speedup > 0 {
			speedup = fmt.Sprintf("%.2fx", m.Speedup)
		}
		fmt.Fprintf(t, "%s\t%d\t%d/%d\t%s\t%s\t%.3f s\t%s\t%.3f s\t\n",
			m.Mode, m.Workers, m.OK, c.Images, times, speedup, m.CPUSeconds, memory(m.PeakRSSBytes, ""), m.StartupSeconds)
	}
	t.Flush()
	b.WriteString("\n")
	for _, m := range c.Modes {
		if m.Error != "" {
			fmt.Fprintf(&b, "%s failed: %s\n", m.Mode, m.Error)
		}
	}
	switch {
	case c.Ranked:
		b.WriteString("All modes fetched the same bytes.\n")
	case c.failed():
		b.WriteString("Not every mode did the whole work: their times say nothing, and nothing is ranked.\n")
	default:
		b.WriteString("The modes did not fetch the same bytes: their times say nothing, and nothing is ranked.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// WriteComparisonJSON writes a comparison as one line of JSON.
func WriteComparisonJSON(w io.Writer, c Comparison) error { return json.NewEncoder(w).Encode(c) }
