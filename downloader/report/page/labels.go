package page

import (
	"fmt"
	"slices"

	"grab/downloader/report"
)

// labels decides which bars of a drawing have their numbers. Drawings stretch with the page, and
// their texts do not: so a number has a class that shows it only where the drawing is wide enough.
type labels struct {
	usual  float64 // share of the drawing's width that all but the shortest bars have at least
	digits int     // of the longest number
}

func newLabels(images []report.Image, s scale) labels {
	var l labels
	var widths []float64
	for _, image := range images {
		widths = append(widths, s.at(image.Start+image.Timing.Total)-s.at(image.Start))
		l.digits = max(l.digits, len(fmt.Sprint(image.Index)))
	}
	if len(widths) > 0 {
		slices.Sort(widths)
		l.usual = widths[len(widths)/10]
	}
	return l
}

// class returns the CSS class of the number in a bar with a share of the width. A bar of about the
// usual width, or a short number, has it no earlier than the others: a single number would look
// like a mistake. ok is false if no page is wide enough.
func (l labels) class(image report.Image, share float64) (class string, ok bool) {
	const digit, margin = 7.5, 5.0 // pixels
	digits := len(fmt.Sprint(image.Index))
	if share < 1.5*l.usual {
		share, digits = min(share, l.usual), l.digits
	}
	need := (digit*float64(digits) + margin) / share
	for _, width := range []int{240, 320, 400, 500, 600, 700, 800, 900} { // as in the style sheet
		if need <= float64(width) {
			return fmt.Sprintf("from%d", width), true
		}
	}
	return "", false
}
