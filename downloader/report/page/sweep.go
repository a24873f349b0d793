package page

import (
	"html/template"
	"strings"

	"grab/downloader/report"
)

// drawSweep draws a value of each contender over the points of a sweep. A point that is not ranked
// has no values.
func drawSweep(experiments []report.Experiment, name string,
	value func(*report.Figures) float64, text func(float64) string) (template.HTML, []key) {
	contenders := report.AllContenders(experiments)
	var all []float64
	for i := range experiments {
		for j := range experiments[i].Comparison.Modes {
			all = append(all, value(&experiments[i].Comparison.Modes[j]))
		}
	}
	y, d := logScale(all), &drawing{}
	d.sideAxis(y, text)
	across := func(i int) float64 { return (float64(i) + 0.5) / float64(len(experiments)) }
	description := ""
	for i := range experiments {
		d.line("grid", point{across(i), 0}, point{across(i), chartHeight})
		_, at, _ := strings.Cut(experiments[i].Conditions.Sweep, "=")
		d.text("tick middle", point{across(i), chartHeight + 16}, at)
		if !experiments[i].Comparison.Ranked {
			d.text("broken middle", point{across(i), chartHeight / 2}, "not ranked")
		}
	}
	var keys []key
	classes := lineClasses{}
	for _, contender := range contenders {
		class := classes.next(contender.Mode)
		var points []point
		for i := range experiments {
			f := experiments[i].Comparison.Find(contender)
			if f == nil || !experiments[i].Comparison.Ranked || value(f) <= 0 {
				d.curve("line "+class, chartHeight, points) // the line is interrupted here
				points = nil
				continue
			}
			p := point{across(i), chartHeight * (1 - y.at(value(f)))}
			points = append(points, p)
			label := contender.String() + ", " + experiments[i].Conditions.Sweep + ": " + text(value(f))
			description += label + ". "
			d.dot("round "+class, p, 4, label)
		}
		d.curve("line "+class, chartHeight, points)
		keys = append(keys, key{class, contender.String()})
	}
	return d.svg(chartHeight+axisHeight, name, description), keys
}
