package report

import "math"

// RunsOf returns the runs that figures were made of: without the warm-up, in
// the order of the rounds.
func (e *Experiment) RunsOf(f *Figures) []*Run {
	var runs []*Run
	for i := range e.Runs {
		if r := &e.Runs[i]; r.Mode == f.Mode && r.Workers == f.Workers && !r.Warmup {
			runs = append(runs, r)
		}
	}
	return runs
}

// Typical returns the run to show of a contender: the one whose time is nearest
// to the median, or, of a contender that failed, the first that broke. nil:
// there is none.
func (e *Experiment) Typical(f *Figures) *Run {
	var typical *Run
	for _, r := range e.RunsOf(f) {
		if f.Error != "" && r.Error != "" {
			return r
		}
		if typical == nil || math.Abs(r.Seconds-f.Median) < math.Abs(typical.Seconds-f.Median) {
			typical = r
		}
	}
	return typical
}

// end returns when the run's last image was in place, in seconds.
func (r *Run) end() float64 {
	end := 0.0
	for _, image := range r.Images {
		end = max(end, image.Start+image.Timing.Total)
	}
	return end
}

// Span returns the length of a time axis that has room for all typical runs, in
// seconds.
func (e *Experiment) Span() float64 {
	span := 0.0
	for i := range e.Comparison.Modes {
		if run := e.Typical(&e.Comparison.Modes[i]); run != nil {
			span = max(span, run.end())
		}
	}
	return span
}
