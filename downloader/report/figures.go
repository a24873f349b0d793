package report

import (
	"iter"
	"math"
	"slices"

	"grab/downloader"
)

// figures sums up the runs of one contender on a machine with so many CPUs.
func figures(who Contender, runs []Run, cpus int) Figures {
	f := Figures{Mode: who.Mode, Workers: who.Workers, OK: -1, Seconds: []float64{}}
	var mine []*Run
	for i := range runs {
		run := &runs[i]
		if run.Mode != who.Mode || run.Workers != who.Workers {
			continue
		}
		mine = append(mine, run)
		f.Seconds = append(f.Seconds, run.Seconds)
		f.Failed = max(f.Failed, run.Total-run.OK)
		if f.OK < 0 || run.OK < f.OK {
			f.OK, f.Bytes = run.OK, run.Bytes
		}
		if f.Error == "" {
			f.Error = run.Error
		}
	}
	f.OK = max(0, f.OK)
	if len(mine) == 0 {
		f.Error = "it did not run"
		return f
	}
	f.Min, f.Max = slices.Min(f.Seconds), slices.Max(f.Seconds)
	f.Median, f.Low, f.High, f.Confidence = interval(f.Seconds)
	of := func(figure func(*Run) float64) float64 { return medianOf(mine, figure) }
	f.Ideal = of((*Run).ideal)
	f.CPUSeconds = of(func(r *Run) float64 { return r.CPUSeconds })
	f.ChildCPUSeconds = of(func(r *Run) float64 { return r.ChildCPUSeconds })
	f.PeakRSSBytes = int64(of(func(r *Run) float64 { return float64(r.PeakRSSBytes) }))
	f.ContextSwitches = int64(of(func(r *Run) float64 { return float64(r.ContextSwitches) }))
	f.StartupSeconds = of(func(r *Run) float64 { return r.StartupSeconds })
	f.server(mine)
	f.rates(cpus)
	f.images(mine)
	return f
}

// withdraw takes back what would rank a contender that failed, or what it would
// be first by: children that die at once need no time at all.
func (f *Figures) withdraw() {
	f.Median, f.Low, f.High, f.Confidence, f.Min, f.Max, f.Ideal = 0, 0, 0, 0, 0, 0, 0
	f.ImagesPerSecond, f.BytesPerSecond, f.WaitShare, f.CPUShare = 0, 0, 0, 0
	f.Latency, f.Phases = Percentiles{}, downloader.Timing{}
}

// server sets what the embedded server saw.
func (f *Figures) server(runs []*Run) {
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

// rates sets what the figures are in relation to the time.
func (f *Figures) rates(cpus int) {
	if f.Median <= 0 {
		return
	}
	f.ImagesPerSecond, f.BytesPerSecond = float64(f.OK)/f.Median, float64(f.Bytes)/f.Median
	f.WaitShare = max(0, 1-f.CPUSeconds/(f.Median*float64(max(1, f.Workers))))
	if cpus > 0 {
		f.CPUShare = f.CPUSeconds / (f.Median * float64(cpus))
	}
}

// images sets the percentiles and the phases, over all images of all rounds.
func (f *Figures) images(runs []*Run) {
	var totals []float64
	mean := &f.Phases
	for _, run := range runs {
		for i := range run.Images {
			t := &run.Images[i].Timing
			totals = append(totals, t.Total)
			for sum, part := range paired(mean, t) {
				*sum += *part
			}
		}
	}
	for sum := range paired(mean, mean) {
		*sum /= float64(max(1, len(totals)))
	}
	slices.Sort(totals)
	f.Latency = percentiles(totals)
}

// paired yields each phase of two times.
func paired(a, b *downloader.Timing) iter.Seq2[*float64, *float64] {
	return func(yield func(*float64, *float64) bool) {
		_ = yield(&a.Queue, &b.Queue) && yield(&a.DNS, &b.DNS) && yield(&a.Connect, &b.Connect) && yield(&a.TLS, &b.TLS) &&
			yield(&a.FirstByte, &b.FirstByte) && yield(&a.Body, &b.Body) && yield(&a.Verify, &b.Verify) &&
			yield(&a.Commit, &b.Commit) && yield(&a.Total, &b.Total)
	}
}

// percentiles returns those of sorted values: the smallest value that so many
// percent of all do not exceed.
func percentiles(sorted []float64) Percentiles {
	if len(sorted) == 0 {
		return Percentiles{}
	}
	at := func(share float64) float64 { return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)] }
	return Percentiles{P50: at(0.5), P90: at(0.9), P99: at(0.99), Max: at(1)}
}

// medianOf returns the middle of a figure of the runs, which must not be none.
func medianOf(runs []*Run, figure func(*Run) float64) float64 {
	var sorted []float64
	for _, run := range runs {
		sorted = append(sorted, figure(run))
	}
	slices.Sort(sorted)
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
