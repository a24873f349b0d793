package page

import (
	"fmt"
	"html/template"
	"slices"

	"grab/downloader"
	"grab/downloader/report"
)

// curvePoints is the number of points with which a distribution is drawn.
const curvePoints = 160

// chartHeight is the height in pixels of charts with two axes.
const chartHeight = 220.0

// key is an entry of a chart's legend.
type key struct{ Class, Name string }

// drawLatencies draws the distribution of each contender's image times.
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
	s, d := scaleOver(all), &drawing{}
	d.axis(s, 0, chartHeight)
	for _, p := range []float64{0, 0.5, 0.9, 1} {
		y := chartHeight * (1 - p)
		d.line("grid", point{0, y}, point{1, y})
		d.text("worker end", point{0, y + 4}, fmt.Sprintf("%.0f%%", 100*p))
	}
	var keys []key
	description, classes := "", lineClasses{}
	for i := range figures {
		f := &figures[i]
		class := classes.next(f.Mode)
		d.curve("line "+class, chartHeight, distribution(times[i], s))
		keys = append(keys, key{class, f.Name()})
		description += fmt.Sprintf("%s: half of the images in %s, 99 of 100 in %s. ", f.Name(), duration(f.Latency.P50), duration(f.Latency.P99))
	}
	return d.svg(chartHeight+axisHeight, "Times of single images", description), keys
}

// lineClasses returns CSS classes for the lines of contenders. It counts the lines of each mode.
type lineClasses map[downloader.Mode]int

// next returns the class of the next line of a mode. It has the colour of the mode, and each line
// has another dash pattern.
func (c lineClasses) next(mode downloader.Mode) string {
	dash := c[mode] % 5
	c[mode]++
	return fmt.Sprintf("%s dash%d", modeClass(mode), dash)
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

// distribution returns the steps of the distribution function of sorted times.
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
