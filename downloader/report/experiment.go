// Package report turns the runs of an experiment into figures, warnings and conclusions. It neither
// fetches nor measures. The packages below it save experiments in files, and show them to people:
// as text, and as a web page.
package report

import (
	"math"
	"slices"
)

// Experiment is one comparison with everything that it was computed from. A saved file holds it,
// and every form of output is drawn from it. As JSON lines it is one line of conditions, one for
// each run, and one with the comparison. A sweep is several experiments, one after another.
type Experiment struct {
	Conditions Conditions
	Runs       []Run
	Comparison Comparison // computed from the other fields by Compare
}

// RunsOf returns the runs of a contender in the order of the rounds, without the warm-up.
func (e *Experiment) RunsOf(f *Figures) []*Run {
	var runs []*Run
	for i := range e.Runs {
		if r := &e.Runs[i]; r.Contender() == f.Contender() && !r.Warmup {
			runs = append(runs, r)
		}
	}
	return runs
}

// Representative returns the run to draw for a contender: the one whose time is nearest to the
// median. Of a contender that failed it is the first run that failed. It is nil if the contender
// has no runs.
func (e *Experiment) Representative(f *Figures) *Run {
	var nearest *Run
	for _, r := range e.RunsOf(f) {
		if f.Error != "" && r.Error != "" {
			return r
		}
		if nearest == nil || math.Abs(r.Seconds-f.Median) < math.Abs(nearest.Seconds-f.Median) {
			nearest = r
		}
	}
	return nearest
}

// Span returns the length in seconds of a time axis that has room for all representative runs.
func (e *Experiment) Span() float64 {
	span := 0.0
	for i := range e.Comparison.Modes {
		if run := e.Representative(&e.Comparison.Modes[i]); run != nil {
			span = max(span, run.end())
		}
	}
	return span
}

// AllContenders returns the contenders of all experiments, each once. Those of a sweep may have
// different ones.
func AllContenders(experiments []Experiment) []Contender {
	var all []Contender
	for i := range experiments {
		for j := range experiments[i].Comparison.Modes {
			if who := experiments[i].Comparison.Modes[j].Contender(); !slices.Contains(all, who) {
				all = append(all, who)
			}
		}
	}
	return all
}
