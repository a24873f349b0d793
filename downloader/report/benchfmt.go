package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteBenchmarks writes the runs that count in the format of Go's benchmarks,
// for benchstat: a line for each. Contenders that failed have none, nor has a
// comparison whose bytes differ; a comment says so.
func WriteBenchmarks(w io.Writer, experiments []Experiment) error {
	var b strings.Builder
	b.WriteString("Unit images/s better=higher\n")
	for i := range experiments {
		e := &experiments[i]
		e.benchmarks(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (e *Experiment) benchmarks(b *strings.Builder) {
	c, m := &e.Comparison, &e.Conditions.Machine
	for _, pair := range [][2]string{{"goos", m.OS}, {"goarch", m.Arch}, {"cpu", m.CPU}, {"pkg", "grab"}, {"images", strconv.Itoa(c.Images)}, {"verify", e.Conditions.Verify}} {
		if pair[1] != "" {
			fmt.Fprintf(b, "%s: %s\n", pair[0], oneLine(pair[1]))
		}
	}
	if !c.Ranked {
		fmt.Fprintf(b, "# nothing is ranked: %s\n", oneLine(c.Conclusion))
	}
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Error != "" {
			fmt.Fprintf(b, "# %s\n", oneLine(f.Fate()))
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
			fmt.Fprintf(b, "%s 1 %s sec/run", name, plainNumber(r.Seconds))
			if r.Seconds > 0 {
				fmt.Fprintf(b, " %s images/s", plainNumber(float64(r.OK)/r.Seconds))
			}
			fmt.Fprintf(b, " %s cpu-sec/run %d peak-B", plainNumber(r.CPUSeconds), r.PeakRSSBytes)
			if r.Server != nil {
				fmt.Fprintf(b, " %d conns/run", r.Server.Connections)
			}
			b.WriteByte('\n')
		}
	}
	b.WriteByte('\n')
}

func plainNumber(v float64) string { return strconv.FormatFloat(v, 'g', 9, 64) }

// benchmarkName replaces what would end a part of a benchmark's name.
func benchmarkName(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("=._", r):
			return r
		}
		return '_'
	}, text)
}

// oneLine keeps a text from beginning a line of its own.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
