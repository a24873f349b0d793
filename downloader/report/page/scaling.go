package page

import (
	"fmt"
	"html/template"
	"strconv"

	"grab/downloader"
	"grab/downloader/report"
)

// drawScaling draws the images per second of each mode by number of workers, beside the ideal. It
// returns "" unless a mode has several numbers of workers.
func drawScaling(c *report.Comparison) (template.HTML, []key) {
	series := byMode(c.Modes)
	if len(series) == 0 {
		return "", nil
	}
	var workers, rates []float64
	for _, s := range series {
		for _, f := range s {
			workers = append(workers, float64(f.Workers))
			rates = append(rates, rate(c, f.Median))
			if f.Timed() {
				rates = append(rates, rate(c, f.Ideal))
			}
		}
	}
	x, y, d := logScale(workers), logScale(rates), &drawing{}
	d.axisOf(distinct(workers), x, 0, chartHeight, func(v float64) string { return "n=" + strconv.FormatFloat(v, 'f', -1, 64) })
	d.sideAxis(y, func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) + "/s" })
	var keys []key
	description := ""
	for _, s := range series {
		class := modeClass(s[0].Mode)
		var measured, ideal []point
		for _, f := range s {
			at := x.at(float64(f.Workers))
			measured = append(measured, point{at, chartHeight * (1 - y.at(rate(c, f.Median)))})
			description += fmt.Sprintf("%s: %s images a second", f.Name(), digits(rate(c, f.Median)))
			if f.Timed() {
				ideal = append(ideal, point{at, chartHeight * (1 - y.at(rate(c, f.Ideal)))})
				description += ", ideal " + digits(rate(c, f.Ideal))
			}
			description += ". "
		}
		keys = append(keys, key{class, string(s[0].Mode)})
		if len(ideal) > 0 {
			d.curve("line dash1 "+class, chartHeight, ideal)
			keys = append(keys, key{class + " dash1", string(s[0].Mode) + ", ideal"})
		}
		d.curve("line "+class, chartHeight, measured)
		for i, p := range measured {
			d.dot("round "+class, p, 4, fmt.Sprintf("%s: %s images a second", s[i].Name(), digits(rate(c, s[i].Median))))
		}
	}
	return d.svg(chartHeight+axisHeight, "Images a second by number of workers", description), keys
}

// sideAxis draws the ticks of a vertical scale.
func (d *drawing) sideAxis(s scale, text func(float64) string) {
	for _, v := range s.ticks() {
		y := chartHeight * (1 - s.at(v))
		d.line("grid", point{0, y}, point{1, y})
		d.text("worker end", point{0, y + 4}, text(v))
	}
}

func rate(c *report.Comparison, seconds float64) float64 {
	if seconds <= 0 {
		return 0
	}
	return float64(c.Images) / seconds
}

// byMode returns the figures of each mode that has several numbers of workers.
func byMode(figures []report.Figures) [][]*report.Figures {
	var order []downloader.Mode
	of := map[downloader.Mode][]*report.Figures{}
	for i := range figures {
		f := &figures[i]
		if of[f.Mode] == nil {
			order = append(order, f.Mode)
		}
		of[f.Mode] = append(of[f.Mode], f)
	}
	var series [][]*report.Figures
	for _, mode := range order {
		if len(of[mode]) > 1 {
			series = append(series, of[mode])
		}
	}
	return series
}

func distinct(values []float64) []float64 {
	var once []float64
	seen := map[float64]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			once = append(once, v)
		}
	}
	return once
}
