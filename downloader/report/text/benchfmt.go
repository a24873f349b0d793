package text

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"grab/downloader/report"
)

// WriteBenchmarks writes the counted runs in the format of Go's benchmarks, for benchstat: one
// line for each run. A contender that failed has no lines, nor has a comparison whose bytes
// differ; a comment says so.
func WriteBenchmarks(w io.Writer, experiments []report.Experiment) error {
	var b strings.Builder
	b.WriteString("Unit images/s better=higher\n")
	for i := range experiments {
		benchmarks(&b, &experiments[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func benchmarks(b *strings.Builder, e *report.Experiment) {
	c, m := &e.Comparison, &e.Conditions.Machine
	for _, setting := range [][2]string{
		{"goos", m.OS}, {"goarch", m.Arch}, {"cpu", m.CPU}, {"pkg", "grab"},
		{"images", strconv.Itoa(c.Images)}, {"verify", e.Conditions.Verify},
	} {
		if setting[1] != "" {
			fmt.Fprintf(b, "%s: %s\n", setting[0], oneLine(setting[1]))
		}
	}
	if !c.Ranked {
		fmt.Fprintf(b, "# nothing is ranked: %s\n", oneLine(c.Conclusion))
	}
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Error != "" {
			fmt.Fprintf(b, "# %s\n", oneLine(f.Outcome()))
			continue
		}
		if !c.Identical {
			continue
		}
		name := "BenchmarkCompare"
		if e.Conditions.Sweep != "" {
			name += "/" + benchmarkName(e.Conditions.Sweep)
		}
		name += fmt.Sprintf("/mode=%s/n=%d", benchmarkName(string(f.Mode)), f.Workers)
		for _, r := range e.RunsOf(f) {
			benchmark(b, name, r)
		}
	}
	b.WriteByte('\n')
}

// benchmark writes the line of one run.
func benchmark(b *strings.Builder, name string, r *report.Run) {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }
	fmt.Fprintf(b, "%s 1 %s sec/run", name, number(r.Seconds))
	if r.Seconds > 0 {
		fmt.Fprintf(b, " %s images/s", number(float64(r.OK)/r.Seconds))
	}
	fmt.Fprintf(b, " %s cpu-sec/run %d peak-B", number(r.CPUSeconds), r.PeakRSSBytes)
	if r.Server != nil {
		fmt.Fprintf(b, " %d conns/run", r.Server.Connections)
	}
	b.WriteByte('\n')
}
