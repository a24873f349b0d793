package text

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"grab/downloader/report"
)

// WriteSweep writes the experiments of a sweep side by side: one line for each, with the median
// of each contender. Contenders that do not fit 80 columns come in a further table. The fastest
// of each experiment come last.
func WriteSweep(w io.Writer, experiments []report.Experiment) error {
	margin := 0
	for i := range experiments {
		margin = max(margin, len(experiments[i].Conditions.Sweep))
	}
	var b strings.Builder
	b.WriteString("Medians over the sweep, in seconds\n\n")
	for left := report.AllContenders(experiments); len(left) > 0; {
		n := fitting(left, margin)
		medians(&b, experiments, left[:n])
		left = left[n:]
	}
	b.WriteString("The fastest\n\n")
	for i := range experiments {
		e := &experiments[i]
		wrap(&b, "", fmt.Sprintf("%s: %s", e.Conditions.Sweep, e.Comparison.Fastest()))
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}

// fitting returns how many of the contenders fit into 80 columns beside a margin, at least one.
func fitting(contenders []report.Contender, margin int) int {
	const gap, median = 2, len("1000.000")
	width := margin
	for i, contender := range contenders {
		width += gap + max(len(contender.String()), median)
		if width >= columns && i > 0 {
			return i
		}
	}
	return len(contenders)
}

// medians writes the table of some contenders.
func medians(b *strings.Builder, experiments []report.Experiment, contenders []report.Contender) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, contender := range contenders {
		fmt.Fprintf(t, "\t%s", contender)
	}
	fmt.Fprintln(t, "\t")
	for i := range experiments {
		e := &experiments[i]
		fmt.Fprintf(t, "%s\t", e.Conditions.Sweep)
		for _, contender := range contenders {
			switch f := e.Comparison.Find(contender); {
			case f == nil:
				fmt.Fprint(t, "\t")
			case f.Error != "":
				fmt.Fprintf(t, "%s\t", placeholder(f))
			default:
				fmt.Fprintf(t, "%.3f\t", f.Median)
			}
		}
		fmt.Fprintln(t)
	}
	t.Flush()
	b.WriteByte('\n')
}
