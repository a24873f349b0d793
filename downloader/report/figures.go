package report

import (
	"slices"

	"grab/downloader"
	"grab/downloader/report/internal/format"
	"grab/downloader/report/internal/stats"
)

// Figures sum up the runs of one contender. Times are in seconds. OK, Failed and Bytes are of the
// worst round. Median, range, percentiles and phases cover all rounds; every other figure is the
// median of the rounds. A contender that failed has Seconds, but no median and nothing computed
// from it.
type Figures struct {
	Mode    downloader.Mode `json:"mode"`    // or the name of another program
	Workers int             `json:"workers"` // 0: a program does not say
	OK      int             `json:"ok"`
	Failed  int             `json:"failed"` // including interrupted images
	Bytes   int64           `json:"bytes"`

	Seconds    []float64 `json:"seconds"` // of each round
	Median     float64   `json:"median_seconds,omitempty"`
	Low        float64   `json:"low_seconds,omitempty"` // Low and High: confidence interval of the median
	High       float64   `json:"high_seconds,omitempty"`
	Confidence float64   `json:"confidence"` // of the interval, such as 0.95; 0 if there are too few rounds for one
	Min        float64   `json:"min_seconds,omitempty"`
	Max        float64   `json:"max_seconds,omitempty"`
	Ideal      float64   `json:"ideal_seconds,omitempty"`
	Efficiency float64   `json:"efficiency"` // Ideal / Median; 0 unless ranked
	Speedup    float64   `json:"speedup"`    // over sequential; 0 unless ranked

	ImagesPerSecond float64 `json:"images_per_second,omitempty"`
	BytesPerSecond  float64 `json:"bytes_per_second,omitempty"`
	CPUSeconds      float64 `json:"cpu_seconds"`
	ChildCPUSeconds float64 `json:"child_cpu_seconds"`
	CPUShare        float64 `json:"cpu_share"`  // CPU time / (time x CPUs of the machine)
	WaitShare       float64 `json:"wait_share"` // of the workers' time, without a CPU: 1 - CPU time / (time x workers), at least 0
	PeakRSSBytes    int64   `json:"peak_rss_bytes"`
	ContextSwitches int64   `json:"context_switches"`
	Connections     int     `json:"connections"`    // 0 without -local
	PeakInFlight    int     `json:"peak_in_flight"` // 0 without -local
	ServerCPU       float64 `json:"server_cpu_seconds"`
	StartupSeconds  float64 `json:"startup_seconds"`

	Latency Percentiles       `json:"latency"`         // of Timing.Total
	Phases  downloader.Timing `json:"phases"`          // means
	Error   string            `json:"error,omitempty"` // why it failed
}

// Percentiles are those of the images' times, in seconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Contender returns the contender that the figures are about.
func (f *Figures) Contender() Contender { return Contender{f.Mode, f.Workers} }

// Name returns the contender's name, such as "pool n=3".
func (f *Figures) Name() string { return f.Contender().String() }

// Timed reports whether the times of single images are known: another program does not tell them.
func (f *Figures) Timed() bool { return f.Latency.Max > 0 }

// Ran reports whether the contender has a counted run. If not, the comparison was interrupted
// before its first round, and the contender has not failed.
func (f *Figures) Ran() bool { return len(f.Seconds) > 0 }

// Outcome says why a contender with an Error has no times.
func (f *Figures) Outcome() string {
	if !f.Ran() {
		return f.Name() + " did not run"
	}
	return f.Name() + " failed: " + f.Error
}

// newFigures sums up the runs of one contender, on a machine with that many CPUs.
func newFigures(who Contender, runs []Run, cpus int) Figures {
	f := Figures{Mode: who.Mode, Workers: who.Workers, OK: -1, Seconds: []float64{}}
	var own []*Run
	for i := range runs {
		run := &runs[i]
		if run.Contender() != who {
			continue
		}
		own = append(own, run)
		f.Seconds = append(f.Seconds, run.Seconds)
		f.Failed = max(f.Failed, run.Total-run.OK)
		if f.OK < 0 || run.OK < f.OK {
			f.OK, f.Bytes = run.OK, run.Bytes
		}
		if f.Error == "" {
			f.Error = format.Reason(run.Error)
		}
	}
	f.OK = max(0, f.OK)
	if len(own) == 0 {
		f.Error = "it did not run"
		return f
	}
	f.Min, f.Max = slices.Min(f.Seconds), slices.Max(f.Seconds)
	f.Median, f.Low, f.High, f.Confidence = stats.Interval(f.Seconds)
	of := func(figure func(*Run) float64) float64 { return medianOf(own, figure) }
	f.Ideal = of((*Run).ideal)
	f.CPUSeconds = of(func(r *Run) float64 { return r.CPUSeconds })
	f.ChildCPUSeconds = of(func(r *Run) float64 { return r.ChildCPUSeconds })
	f.PeakRSSBytes = int64(of(func(r *Run) float64 { return float64(r.PeakRSSBytes) }))
	f.ContextSwitches = int64(of(func(r *Run) float64 { return float64(r.ContextSwitches) }))
	f.StartupSeconds = of(func(r *Run) float64 { return r.StartupSeconds })
	f.setServer(own)
	f.setRates(cpus)
	f.setImages(own)
	return f
}

// clearTimes removes every figure by which a contender that failed could win: children that die
// at once need no time at all.
func (f *Figures) clearTimes() {
	f.Median, f.Low, f.High, f.Confidence, f.Min, f.Max, f.Ideal = 0, 0, 0, 0, 0, 0, 0
	f.ImagesPerSecond, f.BytesPerSecond, f.WaitShare, f.CPUShare = 0, 0, 0, 0
	f.Latency, f.Phases = Percentiles{}, downloader.Timing{}
}

// setServer sets what the embedded server counted.
func (f *Figures) setServer(runs []*Run) {
	of := func(figure func(*ServerFigures) float64) float64 {
		return medianOf(runs, func(r *Run) float64 {
			if r.Server == nil {
				return 0
			}
			return figure(r.Server)
		})
	}
	f.Connections = int(of(func(s *ServerFigures) float64 { return float64(s.Connections) }))
	f.PeakInFlight = int(of(func(s *ServerFigures) float64 { return float64(s.PeakInFlight) }))
	f.ServerCPU = of(func(s *ServerFigures) float64 { return s.CPUSeconds })
}

// setRates sets the figures that are relative to the median time.
func (f *Figures) setRates(cpus int) {
	if f.Median <= 0 {
		return
	}
	f.ImagesPerSecond, f.BytesPerSecond = float64(f.OK)/f.Median, float64(f.Bytes)/f.Median
	if f.Workers > 0 {
		f.WaitShare = max(0, 1-f.CPUSeconds/(f.Median*float64(f.Workers)))
	}
	if cpus > 0 {
		f.CPUShare = f.CPUSeconds / (f.Median * float64(cpus))
	}
}

// setImages sets the percentiles and the phases, over all images of all rounds.
func (f *Figures) setImages(runs []*Run) {
	var totals []float64
	mean := &f.Phases
	for _, run := range runs {
		for i := range run.Images {
			t := &run.Images[i].Timing
			totals = append(totals, t.Total)
			for sum, phase := range PhasePairs(mean, t) {
				*sum += *phase
			}
		}
	}
	for sum := range PhasePairs(mean, mean) {
		*sum /= float64(max(1, len(totals)))
	}
	slices.Sort(totals)
	f.Latency = percentiles(totals)
}

// percentiles returns those of sorted values.
func percentiles(sorted []float64) Percentiles {
	if len(sorted) == 0 {
		return Percentiles{}
	}
	at := func(share float64) float64 { return stats.Percentile(sorted, share) }
	return Percentiles{P50: at(0.5), P90: at(0.9), P99: at(0.99), Max: at(1)}
}

// medianOf returns the median of a figure of the runs, of which there must be at least one.
func medianOf(runs []*Run, figure func(*Run) float64) float64 {
	var values []float64
	for _, run := range runs {
		values = append(values, figure(run))
	}
	return stats.Median(values)
}
