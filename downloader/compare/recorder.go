package compare

import (
	"fmt"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/report"
)

// recorder collects those parts of a run's results that are compared. It is a
// [downloader.Observer].
type recorder struct {
	images  []report.Image
	started []time.Time // of each image
	failure string      // the first one
}

// Observe adds a result.
func (c *recorder) Observe(r downloader.Result) {
	if r.Status != downloader.StatusOK {
		if c.failure == "" {
			c.failure = fmt.Sprintf("%s: %s: %s", r.Where(), r.Class, r.Error)
		}
		return
	}
	c.images = append(c.images, report.Image{
		Index: r.Index, Worker: r.Worker, Timing: r.Timing, Bytes: r.Bytes, SHA256: r.SHA256,
		File: r.File, Width: r.Width, Height: r.Height,
	})
	c.started = append(c.started, r.Started)
}

// describe fills in the run from the results and the summary.
func (c *recorder) describe(run *report.Run, s *downloader.Summary) {
	for i := range c.images {
		c.images[i].Start = max(0, c.started[i].Sub(s.Started).Seconds())
	}
	slices.SortFunc(c.images, func(a, b report.Image) int { return a.Index - b.Index })
	run.Images, run.Error = c.images, c.failure
	run.Started, run.Listed, run.Total, run.OK, run.Failed, run.Bytes = s.Started, s.Listed, s.Total, s.OK, s.Total-s.OK, s.Bytes
	run.Seconds, run.StartupSeconds = s.Elapsed.Seconds(), s.Startup.Seconds()
	run.CPUSeconds, run.ChildCPUSeconds = s.Usage.CPU.Seconds(), s.Children.CPU.Seconds()
	run.PeakRSSBytes, run.ContextSwitches = s.Usage.PeakRSS, s.Usage.Switches
}
