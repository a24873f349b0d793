package page

import (
	"fmt"
	"html/template"
	"slices"

	"grab/downloader/report"
)

// maxDots is the largest number of a contender's rounds that are drawn, one dot each.
const maxDots = 200

// Heights in pixels.
const (
	rowHeight  = 46.0
	axisHeight = 24.0
)

// axis draws the ticks of a horizontal scale of seconds, from top to bottom.
func (d *drawing) axis(s scale, top, bottom float64) {
	d.axisOf(s.ticks(), s, top, bottom, tick)
}

func (d *drawing) axisOf(ticks []float64, s scale, top, bottom float64, text func(float64) string) {
	for _, v := range ticks {
		x := s.at(v)
		d.line("grid", point{x, top}, point{x, bottom})
		class := "tick middle"
		if x > 0.96 {
			class = "tick end"
		} else if x < 0.04 && !s.log {
			class = "tick"
		}
		d.text(class, point{x, bottom + 16}, text(v))
	}
}

// drawTimes draws each contender's times: the rounds, the median with its interval, and the ideal.
func drawTimes(figures []report.Figures) template.HTML {
	longest := 0.0
	for _, f := range figures {
		longest = max(longest, f.Max, f.High, f.Ideal)
	}
	s, d := linearScale(longest*1.03), &drawing{}
	bottom := rowHeight * float64(len(figures))
	d.axis(s, 0, bottom)
	for i := range figures {
		f, y := &figures[i], rowHeight*float64(i)
		d.text("name", point{0, y + 14}, f.Name())
		d.text("figure end", point{1, y + 14}, duration(f.Median))
		y += 30
		d.line("track", point{0, y}, point{s.at(f.Median), y})
		if f.Confidence > 0 {
			d.line("whisker "+modeClass(f.Mode), point{s.at(f.Low), y}, point{s.at(f.High), y})
		}
		for _, seconds := range thinOut(f.Seconds) {
			d.dot("round "+modeClass(f.Mode), point{s.at(seconds), y}, 4, duration(seconds))
		}
		d.line("median", point{s.at(f.Median), y - 9}, point{s.at(f.Median), y + 9})
		if f.Ideal > 0 {
			d.text("ideal middle", point{s.at(f.Ideal), y + 14}, "▲")
		}
	}
	return d.svg(bottom+axisHeight, "Times and their spread", timesInWords(figures))
}

// drawSpread draws the deviation of each round from its contender's median.
func drawSpread(figures []report.Figures) template.HTML {
	widest, description := 0.001, ""
	for i := range figures {
		f := &figures[i]
		least, most := deviation(f, f.Min), deviation(f, f.Max)
		widest = max(widest, -least, most)
		if f.Confidence > 0 {
			widest = max(widest, -deviation(f, f.Low), deviation(f, f.High))
		}
		description += fmt.Sprintf("%s: from %s to %s. ", f.Name(), signed(least), signed(most))
	}
	s, d := scale{low: -1.08 * widest, high: 1.08 * widest}, &drawing{}
	bottom := rowHeight * float64(len(figures))
	d.axisOf(s.ticks(), s, 0, bottom, signed)
	for i := range figures {
		f, y := &figures[i], rowHeight*float64(i)
		d.text("name", point{0, y + 14}, f.Name())
		y += 30
		if f.Confidence > 0 {
			d.line("whisker "+modeClass(f.Mode), point{s.at(deviation(f, f.Low)), y}, point{s.at(deviation(f, f.High)), y})
		}
		for _, seconds := range thinOut(f.Seconds) {
			d.dot("round "+modeClass(f.Mode), point{s.at(deviation(f, seconds)), y}, 4, duration(seconds))
		}
		d.line("median", point{s.at(0), y - 9}, point{s.at(0), y + 9})
	}
	return d.svg(bottom+axisHeight, "Deviation of the rounds from their median", description)
}

func timesInWords(figures []report.Figures) string {
	description := ""
	for i := range figures {
		f := &figures[i]
		description += fmt.Sprintf("%s: median %s, from %s to %s", f.Name(), duration(f.Median), duration(f.Min), duration(f.Max))
		if f.Ideal > 0 {
			description += ", ideal " + duration(f.Ideal)
		}
		description += ". "
	}
	return description
}

// deviation returns how far a time is from the contender's median, as a share of it.
func deviation(f *report.Figures, seconds float64) float64 {
	if f.Median <= 0 {
		return 0
	}
	return seconds/f.Median - 1
}

// thinOut returns at most maxDots of the values, evenly spread from the smallest to the largest.
func thinOut(values []float64) []float64 {
	if len(values) <= maxDots {
		return values
	}
	sorted := slices.Sorted(slices.Values(values))
	few := make([]float64, maxDots)
	for i := range few {
		few[i] = sorted[i*(len(sorted)-1)/(maxDots-1)]
	}
	return few
}
