// Package report turns results into what people and scripts read. It computes
// and formats; it neither fetches nor measures.
package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"grab/downloader"
)

// Failures keeps one example of each class of failure. It is a
// [downloader.Observer].
type Failures struct {
	first map[downloader.Class]downloader.Result
}

// Observe takes a result.
func (f *Failures) Observe(r downloader.Result) {
	if r.Status != downloader.StatusFailed {
		return
	}
	if f.first == nil {
		f.first = map[downloader.Class]downloader.Result{}
	}
	if _, known := f.first[r.Class]; !known {
		f.first[r.Class] = r
	}
}

// WriteSummary writes the summary of a download for people.
func WriteSummary(w io.Writer, s downloader.Summary, failures *Failures) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", s.Total)
	if s.Listed > s.Total {
		fmt.Fprintf(&b, " of %d", s.Listed)
	}
	fmt.Fprintf(&b, " %s: %d ok, %d failed, %d skipped", plural(max(s.Total, s.Listed), "image"), s.OK, s.Failed, s.Skipped)
	if s.Canceled > 0 {
		fmt.Fprintf(&b, ", %d interrupted", s.Canceled)
	}
	fmt.Fprintf(&b, "\n%s in %s, %.1f images/s; mode %s", downloader.FormatBytes(s.Bytes), seconds(s.Elapsed), s.PerSecond(), s.Mode)
	if s.Mode != downloader.Sequential {
		fmt.Fprintf(&b, ", %d workers", s.Workers)
	}
	fmt.Fprintf(&b, "; CPU %s", seconds(s.Usage.CPU))
	if s.Usage.PeakRSS > 0 {
		fmt.Fprintf(&b, ", memory %s MiB", mebibytes(s.Usage.PeakRSS))
	}
	b.WriteByte('\n')
	for _, class := range slices.SortedFunc(maps.Keys(s.Classes), func(a, b downloader.Class) int {
		if s.Classes[a] != s.Classes[b] {
			return s.Classes[b] - s.Classes[a] // the most frequent first
		}
		return strings.Compare(string(a), string(b))
	}) {
		fmt.Fprintf(&b, "failed: %d × %s", s.Classes[class], class)
		if r, ok := failures.first[class]; ok {
			fmt.Fprintf(&b, ", as %s: %s", r.Where(), r.Error)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// seconds formats a time with three significant digits or so.
func seconds(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.3f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	default:
		return d.Round(100 * time.Millisecond).String()
	}
}

// mebibytes formats a peak size, or a dash when it is not known.
func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", float64(bytes)/(1<<20))
}

// JSONLines writes results as lines of JSON while they come. It is a
// [downloader.Observer] and a [downloader.Flusher]: whoever reads them sets the
// pace, since none may be lost.
type JSONLines struct {
	out *bufio.Writer
	err error
}

// NewJSONLines returns a JSONLines that writes to w.
func NewJSONLines(w io.Writer) *JSONLines { return &JSONLines{out: bufio.NewWriterSize(w, 64<<10)} }

// Observe writes a result.
func (j *JSONLines) Observe(r downloader.Result) {
	if j.err == nil {
		_, j.err = j.out.Write(r.AppendJSON(j.out.AvailableBuffer(), "result"))
	}
}

// Flush hands the lines on.
func (j *JSONLines) Flush() error {
	if j.err == nil {
		j.err = j.out.Flush()
	}
	return j.err
}

// WriteSummaryJSON writes a summary as one line of JSON.
func WriteSummaryJSON(w io.Writer, s downloader.Summary, exitCode int) error {
	return json.NewEncoder(w).Encode(struct {
		Type            string                   `json:"type"`
		Mode            downloader.Mode          `json:"mode"`
		Workers         int                      `json:"workers"`
		Total           int                      `json:"total"`
		OK              int                      `json:"ok"`
		Skipped         int                      `json:"skipped"`
		Failed          int                      `json:"failed"`
		Canceled        int                      `json:"canceled"`
		Bytes           int64                    `json:"bytes"`
		Seconds         float64                  `json:"seconds"`
		StartupSeconds  float64                  `json:"startup_seconds"`
		ImagesPerSecond float64                  `json:"images_per_second"`
		CPUSeconds      float64                  `json:"cpu_seconds"`
		PeakRSSBytes    int64                    `json:"peak_rss_bytes"`
		Classes         map[downloader.Class]int `json:"classes"`
		ExitCode        int                      `json:"exit_code"`
	}{
		"summary", s.Mode, s.Workers, s.Total, s.OK, s.Skipped, s.Failed, s.Canceled, s.Bytes, s.Elapsed.Seconds(),
		s.Startup.Seconds(), s.PerSecond(), s.Usage.CPU.Seconds(), s.Usage.PeakRSS, s.Classes, exitCode,
	})
}
