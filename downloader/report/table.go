package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"grab/downloader"
)

// WriteTable writes an experiment for people.
func WriteTable(w io.Writer, e *Experiment) error {
	c := &e.Comparison
	var b strings.Builder
	for _, name := range []string{e.Conditions.Preset, e.Conditions.Sweep} {
		if name != "" {
			fmt.Fprintf(&b, "%s: ", name)
		}
	}
	fmt.Fprintf(&b, "%d %s, %d %s of each mode", c.Images, plural(c.Images, "image"), c.Rounds, plural(c.Rounds, "round"))
	if c.Rounds < c.Planned {
		fmt.Fprintf(&b, " (of %d)", c.Planned)
	}
	b.WriteString(", after a warm-up; times in seconds\n\n")
	c.times(&b)
	c.cost(&b)
	c.latencies(&b)
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Error != "" {
			fmt.Fprintln(&b, f.Fate())
		}
	}
	b.WriteString(c.verdict() + "\n")
	c.findings(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes lines of columns, and an empty line.
func table(b *strings.Builder, head string, modes []Figures, line func(*Figures) string) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "mode\tn\t%s\t\n", head)
	for i := range modes {
		fmt.Fprintf(t, "%s\t%d\t%s\t\n", modes[i].Mode, modes[i].Workers, line(&modes[i]))
	}
	t.Flush()
	b.WriteString("\n")
}

// times has how long each took. A failure has no time.
func (c *Comparison) times(b *strings.Builder) {
	table(b, "ok\tmedian\tlow\thigh\tmin\tmax\tideal\tefficiency\tspeed-up", c.Modes, func(f *Figures) string {
		times := f.instead() + "\t-\t-\t-\t-\t-"
		if f.Error == "" {
			low, high := "-", "-"
			if f.Confidence > 0 {
				low, high = fmt.Sprintf("%.3f", f.Low), fmt.Sprintf("%.3f", f.High)
			}
			times = fmt.Sprintf("%.3f\t%s\t%s\t%.3f\t%.3f\t%.3f", f.Median, low, high, f.Min, f.Max, f.Ideal)
		}
		efficiency, speedup := "-", "-"
		if f.Efficiency > 0 {
			efficiency = fmt.Sprintf("%.1f %%", 100*f.Efficiency)
		}
		if f.Speedup > 0 {
			speedup = fmt.Sprintf("%.2fx", f.Speedup)
		}
		return fmt.Sprintf("%d/%d\t%s\t%s\t%s", f.OK, c.Images, times, efficiency, speedup)
	})
}

// cost has what each took from the machine, and what the server saw.
func (c *Comparison) cost(b *strings.Builder) {
	table(b, "images/s\tbytes/s\tCPU\tchildren\twaiting\tMiB\tswitches\tconnections\tpeak\tstart", c.Modes, func(f *Figures) string {
		if f.Error != "" {
			return strings.Repeat("-\t", 9) + "-"
		}
		seen := "-\t-"
		if f.Connections > 0 {
			seen = fmt.Sprintf("%d\t%d", f.Connections, f.PeakInFlight)
		}
		return fmt.Sprintf("%.1f\t%s\t%.3f\t%.3f\t%.0f %%\t%s\t%d\t%s\t%.3f", f.ImagesPerSecond, downloader.FormatBytes(int64(f.BytesPerSecond)),
			f.CPUSeconds, f.ChildCPUSeconds, 100*f.WaitShare, mebibytes(f.PeakRSSBytes), f.ContextSwitches, seen, f.StartupSeconds)
	})
}

// latencies has how long an image took, and its phases' means.
func (c *Comparison) latencies(b *strings.Builder) {
	table(b, "p50\tp90\tp99\tmax\tqueue\tdns\tconnect\ttls\tfirst byte\tbody\tverify\tcommit", c.Modes, func(f *Figures) string {
		if f.Error != "" {
			return strings.Repeat("-\t", 11) + "-"
		}
		times := []float64{f.Latency.P50, f.Latency.P90, f.Latency.P99, f.Latency.Max, f.Phases.Queue, f.Phases.DNS, f.Phases.Connect,
			f.Phases.TLS, f.Phases.FirstByte, f.Phases.Body, f.Phases.Verify, f.Phases.Commit}
		var columns []string
		for _, seconds := range times {
			columns = append(columns, short(seconds))
		}
		return strings.Join(columns, "\t")
	})
}

// short formats a time with three digits and a unit.
func short(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d == 0:
		return "0"
	case d < time.Millisecond:
		return fmt.Sprintf("%dµs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.3gms", float64(d)/1e6)
	default:
		return fmt.Sprintf("%.3gs", d.Seconds())
	}
}

// findings has what follows from the figures.
func (c *Comparison) findings(b *strings.Builder) {
	c.pairs(b)
	for i, warning := range c.Warnings {
		if i == 0 {
			fmt.Fprintln(b, "\nBeware:")
		}
		fmt.Fprintf(b, "  %s\n", warning)
	}
	if c.Conclusion != "" {
		fmt.Fprintf(b, "\n%s\n", c.Conclusion)
	}
	for i, claim := range c.Claims {
		if i == 0 {
			fmt.Fprintln(b, "\nWhat was claimed, and what was measured:")
		}
		holds := ": it does not hold"
		if claim.Holds {
			holds = ": it holds"
		} else if claim.Untold {
			holds = ""
		}
		fmt.Fprintf(b, "  %s\n    %s%s\n", claim.Claim, claim.Measured, holds)
	}
}

// manyPairs is how many differences are too many to be listed, all of them.
const manyPairs = 6

// pairs has what the tests say of each pair; of many pairs only those that are
// not different, since the others' medians are in the table.
func (c *Comparison) pairs(b *strings.Builder) {
	if len(c.Differences) == 0 {
		return
	}
	fmt.Fprintln(b, "\nDifferences in time (Mann-Whitney U test with Holm's correction):")
	if !slices.ContainsFunc(c.Differences, func(d Difference) bool { return !d.TooFew }) {
		fmt.Fprintln(b, "  too few rounds to tell any two apart")
		return
	}
	left := 0
	for _, d := range c.Differences {
		switch {
		case !d.Different:
			fmt.Fprintf(b, "  %s and %s: %s\n", d.A, d.B, d.Verdict)
		case len(c.Differences) > manyPairs:
			left++
		default:
			fmt.Fprintf(b, "  %s\n", d.Verdict)
		}
	}
	if left > 0 {
		fmt.Fprintf(b, "  the other %d pairs differ\n", left)
	}
}

// verdict says in a sentence whether the times may be compared.
func (c *Comparison) verdict() string {
	switch {
	case c.Ranked:
		return "All modes fetched the same bytes."
	case c.Images == 0:
		return "There was nothing to fetch: nothing is ranked."
	case slices.ContainsFunc(c.Modes, func(f Figures) bool { return f.Error != "" && f.Ran() }):
		return "Not every mode did the whole work: their times say nothing, and nothing is ranked."
	case c.Identical || c.interrupted():
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
