package page

import (
	"fmt"
	"html/template"
	"slices"

	"grab/downloader/report"
)

// curvePoints is how many points a distribution is drawn with.
const curvePoints = 160

// chartHeight is that of charts with two axes, in pixels.
const chartHeight = 220.0

// key is a line of a chart's legend.
type key struct{ Class, Name string }

// drawLatencies draws for each contender which share of its images took at most
// how long.
func drawLatencies(e *report.Experiment, figures []report.Figures) (template.HTML, []key) {
	var times [][]float64
	var all []float64
	for i := range figures {
		t := imageTimes(e, &figures[i])
		times = append(times, t)
		if len(t) > 0 {
			all = append(all, t[0], t[len(t)-1])
		}
	}
	s, d := around(all), &drawing{}
	d.axis(s, 0, chartHeight)
	for _, p := range []float64{0, 0.5, 0.9, 1} {
		y := chartHeight * (1 - p)
		d.line("grid", point{0, y}, point{1, y})
		d.text("worker end", point{0, y + 4}, fmt.Sprintf("%.0f%%", 100*p))
	}
	var keys []key
	words := ""
	for i := range figures {
		f := &figures[i]
		class := lineClass(figures, i)
		d.curve("line "+class, chartHeight, distribution(times[i], s))
		keys = append(keys, key{class, f.Name()})
		words += fmt.Sprintf("%s: half of the images in %s, 99 of 100 in %s. ", f.Name(), duration(f.Latency.P50), duration(f.Latency.P99))
	}
	return d.svg(chartHeight+axisHeight, "Times of single images", words), keys
}

// lineClass returns the class of a contender's line: its mode's colour, and for
// each further worker count another dash.
func lineClass(figures []report.Figures, i int) string {
	dash := 0
	for _, before := range figures[:i] {
		if before.Mode == figures[i].Mode {
			dash++
		}
	}
	return fmt.Sprintf("%s dash%d", modeClass(figures[i].Mode), dash%5)
}

// imageTimes returns the times of a contender's images, sorted.
func imageTimes(e *report.Experiment, f *report.Figures) []float64 {
	var times []float64
	for _, run := range e.RunsOf(f) {
		for _, image := range run.Images {
			times = append(times, image.Timing.Total)
		}
	}
	slices.Sort(times)
	return times
}

// distribution returns the steps of a distribution function: sorted times
// across, shares up.
func distribution(times []float64, s scale) []point {
	n := len(times)
	if n == 0 {
		return nil
	}
	points := []point{{s.at(times[0]), chartHeight}}
	steps := min(n, curvePoints)
	for i := 1; i <= steps; i++ {
		rank := i*n/steps - 1
		y := chartHeight * (1 - float64(rank+1)/float64(n))
		x := s.at(times[rank])
		points = append(points, point{x, points[len(points)-1].y}, point{x, y})
	}
	return append(points, point{1, 0})
}
