package text

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"grab/downloader/internal/sanitize"
	"grab/downloader/report"
)

// WriteCSV writes one line for each run, warm-ups included. A run that failed has no time, and
// only ranked comparisons have speed-ups.
func WriteCSV(w io.Writer, experiments []report.Experiment) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{
		"preset", "sweep", "mode", "workers", "round", "warmup", "ranked", "started", "listed", "ok", "failed", "bytes",
		"seconds", "speedup", "startup_seconds", "cpu_seconds", "child_cpu_seconds", "peak_rss_bytes", "context_switches",
		"requests", "connections", "peak_in_flight", "error",
	}); err != nil {
		return err
	}
	for i := range experiments {
		e := &experiments[i]
		for j := range e.Runs {
			if err := out.Write(csvRecord(e, &e.Runs[j])); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func csvRecord(e *report.Experiment, r *report.Run) []string {
	decimal := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	seconds := ""
	if r.Error == "" {
		seconds = decimal(r.Seconds)
	}
	requests, connections, inFlight := "", "", ""
	if s := r.Server; s != nil {
		requests, connections, inFlight = strconv.Itoa(s.Requests), strconv.Itoa(s.Connections), strconv.Itoa(s.PeakInFlight)
	}
	return []string{
		sanitize.Cell(e.Conditions.Preset), sanitize.Cell(e.Conditions.Sweep), sanitize.Cell(string(r.Mode)), strconv.Itoa(r.Workers),
		strconv.Itoa(r.Round), strconv.FormatBool(r.Warmup), strconv.FormatBool(e.Comparison.Ranked),
		r.Started.Format(time.RFC3339Nano),
		strconv.Itoa(r.Listed), strconv.Itoa(r.OK), strconv.Itoa(r.Failed), strconv.FormatInt(r.Bytes, 10),
		seconds, csvSpeedup(e, r, decimal), decimal(r.StartupSeconds), decimal(r.CPUSeconds), decimal(r.ChildCPUSeconds),
		strconv.FormatInt(r.PeakRSSBytes, 10), strconv.FormatInt(r.ContextSwitches, 10),
		requests, connections, inFlight, sanitize.Cell(r.Error),
	}
}

// csvSpeedup returns the speed-up of the run's contender, or "" if it has none.
func csvSpeedup(e *report.Experiment, r *report.Run, decimal func(float64) string) string {
	f := e.Comparison.Find(r.Contender())
	if f == nil || f.Speedup <= 0 || !e.Comparison.Ranked || r.Warmup {
		return ""
	}
	return decimal(f.Speedup)
}
