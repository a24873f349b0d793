package text

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// WriteTable writes an experiment as tables for a terminal, followed by what they show.
func WriteTable(w io.Writer, e *report.Experiment) error {
	c := &e.Comparison
	var b strings.Builder
	for _, name := range []string{e.Conditions.Preset, e.Conditions.Sweep} {
		if name != "" {
			fmt.Fprintf(&b, "%s: ", name)
		}
	}
	fmt.Fprintf(&b, "%s, %s of each mode", format.Count(c.Images, "image"), format.Count(c.Rounds, "round"))
	if c.Rounds < c.Planned {
		fmt.Fprintf(&b, " (of %d)", c.Planned)
	}
	b.WriteString(", after a warm-up; times in seconds\n\n")
	timesTable(&b, c)
	costTable(&b, c)
	latencyTable(&b, c)
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Error != "" {
			fmt.Fprintln(&b, f.Outcome())
		}
	}
	b.WriteString(verdict(c) + "\n")
	findings(&b, c)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes a table with one row for each contender, and an empty line.
func table(b *strings.Builder, head string, modes []report.Figures, row func(*report.Figures) string) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "mode\tn\t%s\t\n", head)
	for i := range modes {
		fmt.Fprintf(t, "%s\t%d\t%s\t\n", modes[i].Mode, modes[i].Workers, row(&modes[i]))
	}
	t.Flush()
	b.WriteString("\n")
}

// timesTable shows how long each contender took. One that failed has no time.
func timesTable(b *strings.Builder, c *report.Comparison) {
	const head = "ok\tmedian\tlow\thigh\tmin\tmax\tideal\tefficiency\tspeed-up"
	table(b, head, c.Modes, func(f *report.Figures) string {
		times := placeholder(f) + "\t-\t-\t-\t-\t-"
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

// costTable shows what each contender used of the machine, and what the server counted.
func costTable(b *strings.Builder, c *report.Comparison) {
	const head = "images/s\tbytes/s\tCPU\tchildren\twaiting\tMiB\tswitches\tconnections\tpeak\tstart"
	table(b, head, c.Modes, func(f *report.Figures) string {
		if f.Error != "" {
			return dashes(10)
		}
		server := dashes(2)
		if f.Connections > 0 {
			server = fmt.Sprintf("%d\t%d", f.Connections, f.PeakInFlight)
		}
		return fmt.Sprintf("%.1f\t%s\t%.3f\t%.3f\t%.0f %%\t%s\t%d\t%s\t%.3f",
			f.ImagesPerSecond, downloader.FormatBytes(int64(f.BytesPerSecond)), f.CPUSeconds, f.ChildCPUSeconds,
			100*f.WaitShare, format.Mebibytes(f.PeakRSSBytes), f.ContextSwitches, server, f.StartupSeconds)
	})
}

// latencyTable shows how long single images took, and the means of their phases.
func latencyTable(b *strings.Builder, c *report.Comparison) {
	const head = "p50\tp90\tp99\tmax\tqueue\tdns\tconnect\ttls\tfirst byte\tbody\tverify\tcommit"
	table(b, head, c.Modes, func(f *report.Figures) string {
		if f.Error != "" {
			return dashes(12)
		}
		l, p := &f.Latency, &f.Phases
		var columns []string
		for _, seconds := range []float64{
			l.P50, l.P90, l.P99, l.Max, p.Queue, p.DNS, p.Connect, p.TLS, p.FirstByte, p.Body, p.Verify, p.Commit,
		} {
			columns = append(columns, format.Short(seconds))
		}
		return strings.Join(columns, "\t")
	})
}

// dashes fills n columns.
func dashes(n int) string { return strings.Repeat("-\t", n-1) + "-" }

// verdict says whether the times may be compared.
func verdict(c *report.Comparison) string {
	switch {
	case c.Ranked:
		return "All modes fetched the same bytes."
	case c.Images == 0:
		return "There was nothing to fetch: nothing is ranked."
	case slices.ContainsFunc(c.Modes, func(f report.Figures) bool { return f.Error != "" && f.Ran() }):
		return "Not every mode fetched every image: the times mean nothing, and nothing is ranked."
	case c.Identical || c.Interrupted():
		return "Not every round was run: nothing is ranked."
	default:
		return "The modes did not fetch the same bytes: the times mean nothing, and nothing is ranked."
	}
}
