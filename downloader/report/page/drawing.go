package page

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// drawing builds a chart as SVG. Horizontal positions are shares of the width (0 to 1), vertical
// ones are pixels. So a chart fits the page, even on a phone, while its texts keep their size. The
// methods escape every text.
type drawing struct {
	b strings.Builder
}

// point is a position in a drawing.
type point struct{ x, y float64 }

// share formats a share of the width for SVG.
func share(x float64) string { return number(100*x) + "%" }

// number formats v with at most three decimals. NaN and infinities become 0, so that a strange
// figure does not break the drawing.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	text := strconv.FormatFloat(v, 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// end closes an element, with a title that appears when the mouse is over it.
func (d *drawing) end(element, title string) {
	if title == "" {
		d.b.WriteString("/>")
		return
	}
	fmt.Fprintf(&d.b, "><title>%s</title></%s>", html.EscapeString(title), element)
}

func (d *drawing) rect(class string, at point, width, height float64, title string) {
	fmt.Fprintf(&d.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"`,
		html.EscapeString(class), share(at.x), number(at.y), share(max(0, width)), number(height))
	d.end("rect", title)
}

func (d *drawing) line(class string, from, to point) {
	fmt.Fprintf(&d.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`,
		html.EscapeString(class), share(from.x), number(from.y), share(to.x), number(to.y))
}

func (d *drawing) dot(class string, at point, radius float64, title string) {
	fmt.Fprintf(&d.b, `<circle class="%s" cx="%s" cy="%s" r="%s"`, html.EscapeString(class), share(at.x), number(at.y), number(radius))
	d.end("circle", title)
}

// text writes a text that starts at a point. With the class middle or end, its middle or its end is
// there.
func (d *drawing) text(class string, at point, text string) {
	fmt.Fprintf(&d.b, `<text class="%s" x="%s" y="%s">%s</text>`, html.EscapeString(class), share(at.x), number(at.y), html.EscapeString(text))
}

// curve draws a line through points. With the class area it fills the space below the line, down to
// y = bottom.
func (d *drawing) curve(class string, bottom float64, points []point) {
	if len(points) == 0 {
		return
	}
	var path strings.Builder
	for i, p := range points {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		path.WriteString(letter + number(math.Round(10000*p.x)/10) + " " + number(math.Round(10*p.y)/10))
	}
	if strings.Contains(class, "area") {
		fmt.Fprintf(&path, "V%sH%sZ", number(bottom), number(1000*points[0].x))
	}
	fmt.Fprintf(&d.b, `<svg width="100%%" height="%[1]s" viewBox="0 0 1000 %[1]s" preserveAspectRatio="none"><path class="%s" d="%s"/></svg>`,
		number(bottom), html.EscapeString(class), path.String())
}

// svg returns the drawing with a height in pixels. Screen readers speak its name and description.
func (d *drawing) svg(height float64, name, description string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="plot" role="img" width="100%%" height="%s" aria-label="%s"><desc>%s</desc>%s</svg>`,
		number(height), html.EscapeString(name), html.EscapeString(description), d.b.String()))
}
