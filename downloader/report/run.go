package report

import (
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/report/internal/stats"
)

// Run is one pass of a contender over the list. Times are in seconds.
type Run struct {
	Type    string          `json:"type"`             // "run"
	Mode    downloader.Mode `json:"mode"`             // or the name of another program
	Workers int             `json:"workers"`          // as requested; Error says so if fewer could be started; 0: a program does not say
	Round   int             `json:"round"`            // from 0; also 0 for the warm-up
	Warmup  bool            `json:"warmup,omitempty"` // does not count
	Started time.Time       `json:"started"`          // when the workers were ready

	Listed int   `json:"listed"`
	Total  int   `json:"total"`
	OK     int   `json:"ok"`
	Failed int   `json:"failed"` // including canceled images
	Bytes  int64 `json:"bytes"`

	Seconds         float64 `json:"seconds"`         // from Started to the last result
	StartupSeconds  float64 `json:"startup_seconds"` // before Started
	CPUSeconds      float64 `json:"cpu_seconds"`     // of grab and its children
	ChildCPUSeconds float64 `json:"child_cpu_seconds"`
	PeakRSSBytes    int64   `json:"peak_rss_bytes"` // sum over grab and its children
	ContextSwitches int64   `json:"context_switches"`
	// OtherCPUSeconds is the CPU time of everything else on the machine during the run: not of
	// grab, its children and the embedded server. It is 0 if unknown.
	OtherCPUSeconds float64 `json:"other_cpu_seconds"`

	Server *ServerFigures `json:"server,omitempty"` // counted by the embedded server; nil without -local
	Images []Image        `json:"images"`           // those that are ok, by index
	Error  string         `json:"error,omitempty"`  // the first failure of an image, or why the run failed
}

// ServerFigures are what the embedded server counted during a run.
type ServerFigures struct {
	Requests     int `json:"requests"`
	Connections  int `json:"connections"`
	PeakInFlight int `json:"peak_in_flight"`

	CPUSeconds float64 `json:"cpu_seconds"` // of the server's process; 0 if unknown
}

// Image describes one fetched image. Times are in seconds.
type Image struct {
	Index  int               `json:"index"`
	Worker int               `json:"worker"` // from 0
	Start  float64           `json:"start"`  // when its worker took it, since Run.Started
	Timing downloader.Timing `json:"timing"` // Total is from Start until the file is in place
	Bytes  int64             `json:"bytes"`
	SHA256 string            `json:"sha256"`
	File   string            `json:"file"`
	Width  int               `json:"width"`
	Height int               `json:"height"`
}

// Contender returns the mode and the number of workers that ran.
func (r *Run) Contender() Contender { return Contender{r.Mode, r.Workers} }

// Timed reports whether the times of the run's images are known: another program does not tell
// them.
func (r *Run) Timed() bool {
	return len(r.Images) == 0 || slices.ContainsFunc(r.Images, func(i Image) bool { return i.Timing.Total > 0 })
}

// Rows returns how many rows a drawing of the run needs: one for each worker.
func (r *Run) Rows() int {
	workers := r.Workers
	for _, image := range r.Images {
		workers = max(workers, image.Worker+1)
	}
	return workers
}

// end returns when the run's last image was in place, in seconds since Started.
func (r *Run) end() float64 {
	end := 0.0
	for _, image := range r.Images {
		end = max(end, image.Start+image.Timing.Total)
	}
	return end
}

// ideal returns how long the run would take if only its images took time, in seconds.
func (r *Run) ideal() float64 {
	var times []float64
	for i := range r.Images {
		times = append(times, r.Images[i].Timing.Total)
	}
	return stats.Makespan(times, r.Workers)
}

// complete reports whether the run fetched every image.
func (r *Run) complete() bool {
	return r.Error == "" && r.Total > 0 && r.OK == r.Total && len(r.Images) == r.Total
}

// sameBytes reports whether two complete runs fetched the same images. The images of each are
// sorted by index.
func sameBytes(a, b *Run) bool {
	return slices.EqualFunc(a.Images, b.Images, func(x, y Image) bool {
		return x.Index == y.Index && x.SHA256 == y.SHA256
	})
}
