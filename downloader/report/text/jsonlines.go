package text

import (
	"bufio"
	"cmp"
	"encoding/json"
	"io"

	"grab/downloader"
)

// JSONLines writes results as JSON lines while they arrive. It is a [downloader.Observer] and a
// [downloader.Flusher]. No result may be lost, so a slow reader slows down the run.
type JSONLines struct {
	out *bufio.Writer
	err error
}

// NewJSONLines returns a JSONLines that writes to w.
func NewJSONLines(w io.Writer) *JSONLines { return &JSONLines{out: bufio.NewWriterSize(w, 64<<10)} }

// Observe writes the result as one line.
func (j *JSONLines) Observe(r downloader.Result) {
	if j.err == nil {
		_, j.err = j.out.Write(r.AppendJSON(j.out.AvailableBuffer(), "result"))
	}
}

// ObserveHost writes the event as one line, but for retries, which may be many: the result
// has the number of attempts. A JSONLines is a [downloader.HostObserver].
func (j *JSONLines) ObserveHost(e downloader.HostEvent) {
	if e.Change == downloader.HostRetry {
		return
	}
	line, err := json.Marshal(struct {
		Type string `json:"type"`
		downloader.HostEvent
		WaitSeconds float64 `json:"wait_seconds"`
	}{"host", e, e.Wait.Seconds()})
	if j.err = cmp.Or(j.err, err); j.err == nil {
		_, j.err = j.out.Write(append(line, '\n'))
	}
}

// Flush writes out the buffered lines. It returns the first error of any write.
func (j *JSONLines) Flush() error {
	if j.err == nil {
		j.err = j.out.Flush()
	}
	return j.err
}

// WriteSummaryJSON writes the summary of a download as one line of JSON.
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
		Known           int                      `json:"known"`
		Changed         int                      `json:"changed"`
		Earlier         int                      `json:"earlier"`
		NotDecoded      int                      `json:"not_decoded"`
		Bytes           int64                    `json:"bytes"`
		Seconds         float64                  `json:"seconds"`
		StartupSeconds  float64                  `json:"startup_seconds"`
		ImagesPerSecond float64                  `json:"images_per_second"`
		CPUSeconds      float64                  `json:"cpu_seconds"`
		PeakRSSBytes    int64                    `json:"peak_rss_bytes"`
		Classes         map[downloader.Class]int `json:"classes"`
		Alike           []downloader.Alike       `json:"alike,omitempty"`
		Shared          int                      `json:"shared,omitempty"`
		SavedBytes      int64                    `json:"saved_bytes,omitempty"`
		Stopped         string                   `json:"stopped,omitempty"`
		ExitCode        int                      `json:"exit_code"`
	}{
		"summary", s.Mode, s.Workers, s.Total, s.OK, s.Skipped, s.Failed, s.Canceled, s.Known, s.Changed, s.Earlier, s.NotDecoded, s.Bytes, s.Elapsed.Seconds(),
		s.Startup.Seconds(), s.PerSecond(), s.Usage.CPU.Seconds(), s.Usage.PeakRSS, s.Classes, s.Alike, s.Shared, s.SavedBytes, s.Stopped, exitCode,
	})
}
