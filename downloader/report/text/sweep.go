package text

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"grab/downloader/report"
)

// WriteSweep writes the experiments of a sweep side by side: one line for each, with the median
// of each contender and the fastest of them.
func WriteSweep(w io.Writer, experiments []report.Experiment) error {
	contenders := report.AllContenders(experiments)
	var names []string
	for _, contender := range contenders {
		names = append(names, contender.String())
	}
	var b strings.Builder
	b.WriteString("Medians over the sweep, in seconds\n\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\t%s\t fastest\t\n", strings.Join(names, "\t"))
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
		fmt.Fprintf(t, " %s\t\n", e.Comparison.Fastest())
	}
	t.Flush()
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}
