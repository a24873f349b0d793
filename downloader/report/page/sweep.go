package page

import (
	"html/template"
	"slices"
	"strings"

	"grab/downloader/report"
)

// drawMap draws the points of a sweep beside each other: what takes the place of
// value, for every contender that may be compared there.
func drawMap(experiments []report.Experiment, name string, value func(*report.Figures) float64, text func(float64) string) (template.HTML, []key) {
	names, figures := contenders(experiments)
	var all []float64
	for i := range experiments {
		for j := range experiments[i].Comparison.Modes {
			all = append(all, value(&experiments[i].Comparison.Modes[j]))
		}
	}
	y, d := decades(all), &drawing{}
	d.sideAxis(y, text)
	across := func(i int) float64 { return (float64(i) + 0.5) / float64(len(experiments)) }
	words := ""
	for i := range experiments {
		d.line("grid", point{across(i), 0}, point{across(i), chartHeight})
		_, at, _ := strings.Cut(experiments[i].Conditions.Sweep, "=")
		d.text("tick middle", point{across(i), chartHeight + 16}, at)
		if !experiments[i].Comparison.Ranked {
			d.text("broken middle", point{across(i), chartHeight / 2}, "not ranked")
		}
	}
	var keys []key
	for n, contender := range names {
		class := lineClass(figures, n)
		var points []point
		for i := range experiments {
			f := figuresOf(&experiments[i].Comparison, contender)
			if f == nil || !experiments[i].Comparison.Ranked || value(f) <= 0 {
				d.curve("line "+class, chartHeight, points) // it breaks off here
				points = nil
				continue
			}
			p := point{across(i), chartHeight * (1 - y.at(value(f)))}
			points = append(points, p)
			said := contender + ", " + experiments[i].Conditions.Sweep + ": " + text(value(f))
			words += said + ". "
			d.dot("round "+class, p, 4, said)
		}
		d.curve("line "+class, chartHeight, points)
		keys = append(keys, key{class, contender})
	}
	return d.svg(chartHeight+axisHeight, name, words), keys
}

// contenders returns the names of all that were compared anywhere, in their
// order, with an example of each.
func contenders(experiments []report.Experiment) (names []string, figures []report.Figures) {
	for i := range experiments {
		for _, f := range experiments[i].Comparison.Modes {
			if !slices.Contains(names, f.Name()) {
				names, figures = append(names, f.Name()), append(figures, f)
			}
		}
	}
	return names, figures
}

func figuresOf(c *report.Comparison, name string) *report.Figures {
	for i := range c.Modes {
		if c.Modes[i].Name() == name {
			return &c.Modes[i]
		}
	}
	return nil
}
