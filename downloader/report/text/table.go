package text

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// WriteTable writes an experiment as tables for a terminal, followed by what they show. Each table
// fits 80 columns.
func WriteTable(w io.Writer, e *report.Experiment) error {
	c := &e.Comparison
	var b strings.Builder
	head := fmt.Sprintf("%s, %s of each mode", format.Count(c.Images, "image"), format.Count(c.Rounds, "round"))
	if c.Rounds < c.Planned {
		head += fmt.Sprintf(" (of %d)", c.Planned)
	}
	for _, name := range []string{e.Conditions.Sweep, e.Conditions.Preset} {
		if name != "" {
			head = name + ": " + head
		}
	}
	wrap(&b, "", head+", after a warm-up; times in seconds")
	b.WriteByte('\n')
	for _, caveat := range c.Caveats {
		wrap(&b, "", "Caution: "+caveat)
	}
	if len(c.Caveats) > 0 {
		b.WriteByte('\n')
	}
	timed := slices.DeleteFunc(slices.Clone(c.Modes), func(f report.Figures) bool { return f.Error != "" })
	if len(timed) > 0 { // with no times at all, tables would have nothing but dashes
		timesTable(&b, c)
		ratesTable(&b, timed)
		costTable(&b, timed)
		// Another program does not tell the times of its images.
		timed = slices.DeleteFunc(timed, func(f report.Figures) bool { return !f.Timed() })
		latencyTable(&b, timed)
		phaseTable(&b, timed)
	}
	for i := range c.Modes {
		switch f := &c.Modes[i]; {
		case f.Error == "":
		case f.Ran():
			fmt.Fprintf(&b, "%s failed with %d of %s: %s\n", f.Name(), f.OK, format.Count(c.Images, "image"), oneLine(f.Error))
		default:
			fmt.Fprintln(&b, f.Outcome())
		}
	}
	wrap(&b, "", verdict(c))
	findings(&b, c)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes a table with one row for each contender, and an empty line.
func table(b *strings.Builder, head string, modes []report.Figures, row func(*report.Figures) string) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "mode\tn\t%s\t\n", head)
	for i := range modes {
		workers := "-"
		if modes[i].Workers > 0 {
			workers = strconv.Itoa(modes[i].Workers)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t\n", modes[i].Mode, workers, row(&modes[i]))
	}
	t.Flush()
	b.WriteString("\n")
}

// timesTable shows how long each contender took. One that failed has no time.
func timesTable(b *strings.Builder, c *report.Comparison) {
	table(b, "ok\tmedian\tlow\thigh\tmin\tmax", c.Modes, func(f *report.Figures) string {
		times := placeholder(f) + "\t-\t-\t-\t-"
		if f.Error == "" {
			low, high := "-", "-"
			if f.Confidence > 0 {
				low, high = fmt.Sprintf("%.3f", f.Low), fmt.Sprintf("%.3f", f.High)
			}
			times = fmt.Sprintf("%.3f\t%s\t%s\t%.3f\t%.3f", f.Median, low, high, f.Min, f.Max)
		}
		return fmt.Sprintf("%d/%d\t%s", f.OK, c.Images, times)
	})
}

// ratesTable shows how fast each contender was, compared with the ideal and with sequential.
func ratesTable(b *strings.Builder, modes []report.Figures) {
	table(b, "ideal\tefficiency\tspeed-up\timages/s\tbytes/s\tstart", modes, func(f *report.Figures) string {
		ideal, efficiency, speedup := "-", "-", "-"
		if f.Timed() {
			ideal = fmt.Sprintf("%.3f", f.Ideal)
		}
		if f.Efficiency > 0 {
			efficiency = fmt.Sprintf("%.1f %%", 100*f.Efficiency)
		}
		if f.Speedup > 0 {
			speedup = fmt.Sprintf("%.2fx", f.Speedup)
		}
		return fmt.Sprintf("%s\t%s\t%s\t%.1f\t%s\t%.3f", ideal, efficiency, speedup,
			f.ImagesPerSecond, downloader.FormatBytes(int64(f.BytesPerSecond)), f.StartupSeconds)
	})
}

// costTable shows what each contender used of the machine, and what the server counted.
func costTable(b *strings.Builder, modes []report.Figures) {
	table(b, "CPU\tchildren\twaiting\tmemory\tswitches\tconns\tpeak", modes, func(f *report.Figures) string {
		server := "-\t-"
		if f.Connections > 0 {
			server = fmt.Sprintf("%d\t%d", f.Connections, f.PeakInFlight)
		}
		waiting := "-"
		if f.Workers > 0 {
			waiting = fmt.Sprintf("%.0f %%", 100*f.WaitShare)
		}
		return fmt.Sprintf("%.3f\t%.3f\t%s\t%s\t%d\t%s", f.CPUSeconds, f.ChildCPUSeconds,
			waiting, memory(f), f.ContextSwitches, server)
	})
}

// latencyTable shows how long single images took, and how long they waited for a worker.
func latencyTable(b *strings.Builder, modes []report.Figures) {
	table(b, "p50\tp90\tp99\tmax\tqueue", modes, func(f *report.Figures) string {
		l := &f.Latency
		return short(l.P50, l.P90, l.P99, l.Max, f.Phases.Queue)
	})
}

// phaseTable shows the means of the phases of single images.
func phaseTable(b *strings.Builder, modes []report.Figures) {
	table(b, "dns\tconnect\ttls\tfirst byte\tbody\tverify\tcommit", modes, func(f *report.Figures) string {
		p := &f.Phases
		return short(p.DNS, p.Connect, p.TLS, p.FirstByte, p.Body, p.Verify, p.Commit)
	})
}

// short fills a column with each time.
func short(seconds ...float64) string {
	var columns []string
	for _, s := range seconds {
		columns = append(columns, format.Short(s))
	}
	return strings.Join(columns, "\t")
}

// verdict says whether the times may be compared.
func verdict(c *report.Comparison) string {
	switch {
	case c.Ranked:
		return "All modes fetched the same bytes."
	case c.Images == 0:
		return "There was nothing to fetch: nothing is ranked."
	case slices.ContainsFunc(c.Modes, func(f report.Figures) bool { return f.Error != "" && f.Ran() }):
		return "Not every mode fetched every image: no times count, and nothing is ranked."
	case c.Identical || c.Interrupted():
		return "Not every round was run: nothing is ranked."
	default:
		return "The modes did not fetch the same bytes: no times count, and nothing is ranked."
	}
}
