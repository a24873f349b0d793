package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// WriteCSV writes a line for each run, the warm-up among them. A run that broke
// has no time, and there is no speed-up unless the comparison is ranked.
func WriteCSV(w io.Writer, experiments []Experiment) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"preset", "sweep", "mode", "workers", "round", "warmup", "ranked", "started", "listed", "ok", "failed", "bytes",
		"seconds", "speedup", "startup_seconds", "cpu_seconds", "child_cpu_seconds", "peak_rss_bytes", "context_switches",
		"requests", "connections", "peak_in_flight", "error"}); err != nil {
		return err
	}
	for i := range experiments {
		e := &experiments[i]
		for j := range e.Runs {
			if err := out.Write(e.csv(&e.Runs[j])); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func (e *Experiment) csv(r *Run) []string {
	decimal := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	seconds, speedup := "", ""
	if r.Error == "" {
		seconds = decimal(r.Seconds)
	}
	for i := range e.Comparison.Modes {
		f := &e.Comparison.Modes[i]
		if e.Comparison.Ranked && f.Mode == r.Mode && f.Workers == r.Workers && f.Speedup > 0 && !r.Warmup {
			speedup = decimal(f.Speedup)
		}
	}
	server := []string{"", "", ""}
	if s := r.Server; s != nil {
		server = []string{strconv.Itoa(s.Requests), strconv.Itoa(s.Connections), strconv.Itoa(s.PeakInFlight)}
	}
	return append(append([]string{cellText(e.Conditions.Preset), cellText(e.Conditions.Sweep), cellText(string(r.Mode)), strconv.Itoa(r.Workers), strconv.Itoa(r.Round),
		strconv.FormatBool(r.Warmup), strconv.FormatBool(e.Comparison.Ranked), r.Started.Format(time.RFC3339Nano),
		strconv.Itoa(r.Listed), strconv.Itoa(r.OK), strconv.Itoa(r.Failed), strconv.FormatInt(r.Bytes, 10),
		seconds, speedup, decimal(r.StartupSeconds), decimal(r.CPUSeconds), decimal(r.ChildCPUSeconds),
		strconv.FormatInt(r.PeakRSSBytes, 10), strconv.FormatInt(r.ContextSwitches, 10)}, server...), cellText(r.Error))
}

// cellText keeps a spreadsheet from taking a text for a formula.
func cellText(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
