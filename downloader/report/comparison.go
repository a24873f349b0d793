package report

import (
	"container/heap"
	"fmt"
	"slices"
	"time"

	"grab/downloader"
)

// Run is one run of a comparison, with what is needed to judge it.
type Run struct {
	Round   int // from 0
	Summary downloader.Summary
	Images  map[int]Image // by index: those that are ok
	Failed  string        // why an image failed, as an example, or why the run broke; empty when all is well
}

// Image is what a comparison keeps of an image.
type Image struct {
	SHA256  string
	Seconds float64 // from taken by a worker to in place
}

// Observe adds a result: a Run is a [downloader.Observer].
func (r *Run) Observe(result downloader.Result) {
	if r.Images == nil {
		r.Images = map[int]Image{}
	}
	switch result.Status {
	case downloader.StatusOK:
		r.Images[result.Index] = Image{result.SHA256, result.Timing.Total}
	default:
		if r.Failed == "" {
			r.Failed = fmt.Sprintf("%s: %s: %s", result.Where(), result.Class, result.Error)
		}
	}
}

// complete reports whether the run did all of its work.
func (r *Run) complete() bool {
	return r.Failed == "" && r.Summary.Total > 0 && r.Summary.Complete()
}

// ideal returns the time that the run's images would take on its workers if
// nothing else took any: list scheduling in the order of the list.
func (r *Run) ideal() time.Duration {
	order := make([]int, 0, len(r.Images))
	for index := range r.Images {
		order = append(order, index)
	}
	slices.Sort(order)
	free := make(freeTimes, max(1, r.Summary.Workers)) // all zero: a heap already
	end := 0.0
	for _, index := range order {
		free[0] += r.Images[index].Seconds
		end = max(end, free[0])
		heap.Fix(&free, 0)
	}
	return time.Duration(end * float64(time.Second))
}

// freeTimes is a heap of when workers become free.
type freeTimes []float64

func (f freeTimes) Len() int           { return len(f) }
func (f freeTimes) Less(i, j int) bool { return f[i] < f[j] }
func (f freeTimes) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *freeTimes) Push(any)          {} // it never grows
func (f *freeTimes) Pop() any          { return nil }

// Comparison sets the modes' runs side by side.
type Comparison struct {
	Type      string        `json:"type"`
	Images    int           `json:"images"`
	Rounds    int           `json:"rounds"`    // that were run
	Planned   int           `json:"planned"`   // rounds that were asked for; after a failure no more are run
	Identical bool          `json:"identical"` // every complete run gave the same bytes
	Ranked    bool          `json:"ranked"`    // every run of every mode did the whole work: times may be compared
	Modes     []ModeFigures `json:"modes"`
}

// ModeFigures are one mode's figures. Times are in seconds; Median, Min and Max
// are of Seconds, all others the median of the rounds.
type ModeFigures struct {
	Mode           downloader.Mode `json:"mode"`
	Workers        int             `json:"workers"`
	OK             int             `json:"ok"`     // of the worst round
	Failed         int             `json:"failed"` // of the worst round; interrupted images are among them
	Bytes          int64           `json:"bytes"`
	Seconds        []float64       `json:"seconds"`
	Median         float64         `json:"median_seconds"`
	Min            float64         `json:"min_seconds"`
	Max            float64         `json:"max_seconds"`
	Ideal          float64         `json:"ideal_seconds"`
	Speedup        float64         `json:"speedup"` // over sequential; 0 when it may not be told
	CPUSeconds     float64         `json:"cpu_seconds"`
	PeakRSSBytes   int64           `json:"peak_rss_bytes"`
	StartupSeconds float64         `json:"startup_seconds"`
	Error          string          `json:"error,omitempty"` // why it failed
}

// Compare judges the runs of a comparison of so many rounds, in the order of
// modes. It ranks only if each mode finished every image in every round, with
// the same bytes.
func Compare(modes []downloader.Mode, planned int, runs []Run) Comparison {
	c := Comparison{Type: "comparison", Planned: planned, Identical: true, Ranked: len(runs) > 0}
	var reference *Run
	for i := range runs {
		run := &runs[i]
		c.Rounds = max(c.Rounds, run.Round+1)
		c.Images = max(c.Images, run.Summary.Total, run.Summary.Listed)
		if !run.complete() {
			c.Ranked = false
			continue
		}
		if reference == nil {
			reference = run
		}
		c.Identical = c.Identical && sameBytes(reference, run)
	}
	c.Identical = c.Identical && reference != nil
	c.Ranked = c.Ranked && c.Identical
	for _, mode := range modes {
		m := figures(mode, runs)
		if m.Error == "" && m.OK < c.Images {
			m.Error = fmt.Sprintf("it fetched %d of %d images", m.OK, c.Images)
		}
		c.Modes = append(c.Modes, m)
	}
	c.rank()
	return c
}

func sameBytes(a, b *Run) bool {
	if len(a.Images) != len(b.Images) {
		return false
	}
	for index, image := range a.Images {
		if b.Images[index].SHA256 != image.SHA256 {
			return false
		}
	}
	return true
}

func figures(mode downloader.Mode, runs []Run) ModeFigures {
	m := ModeFigures{Mode: mode, OK: -1, Seconds: []float64{}}
	var ideal, cpu, rss, startup []float64
	for i := range runs {
		run := &runs[i]
		s := run.Summary
		if s.Mode != mode {
			continue
		}
		m.Workers = s.Workers
		m.Failed = max(m.Failed, s.Total-s.OK)
		if m.OK < 0 || s.OK < m.OK {
			m.OK, m.Bytes = s.OK, s.Bytes
		}
		if m.Error == "" {
			m.Error = run.Failed
		}
		m.Seconds = append(m.Seconds, s.Elapsed.Seconds())
		ideal = append(ideal, run.ideal().Seconds())
		cpu = append(cpu, s.Usage.CPU.Seconds())
		rss = append(rss, float64(s.Usage.PeakRSS))
		startup = append(startup, s.Startup.Seconds())
	}
	m.OK = max(0, m.OK)
	if len(m.Seconds) == 0 {
		m.Error = "it did not run"
		return m
	}
	m.Median, m.Min, m.Max = median(m.Seconds), slices.Min(m.Seconds), slices.Max(m.Seconds)
	m.Ideal, m.CPUSeconds, m.PeakRSSBytes, m.StartupSeconds = median(ideal), median(cpu), int64(median(rss)), median(startup)
	return m
}

// rank sets the speed-ups, if times may be compared.
func (c *Comparison) rank() {
	for _, m := range c.Modes {
		c.Ranked = c.Ranked && m.Error == "" && len(m.Seconds) == c.Planned
	}
	if !c.Ranked {
		return
	}
	for _, base := range c.Modes {
		if base.Mode != downloader.Sequential {
			continue
		}
		for i := range c.Modes {
			c.Modes[i].Speedup = base.Median / c.Modes[i].Median
		}
	}
}

// median returns the middle of values, which must not be empty.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
