package text

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"grab/downloader/report"
)

// Limits of the timeline, in columns and lines.
const (
	timelineWidth   = 64
	timelineWorkers = 8  // of one contender
	timelineLines   = 40 // of all contenders
)

// WriteTimeline draws when each worker had which image: one line for each worker, on the same
// time axis for all contenders. It shows each contender's round nearest to the median.
func WriteTimeline(w io.Writer, e *report.Experiment) error {
	span := e.Span()
	if span <= 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nWhen each worker had which image; a column is %s\n\n", columnTime(span))
	lines, crowded := 0, false
	for i := range e.Comparison.Modes {
		f := &e.Comparison.Modes[i]
		run := e.Representative(f)
		if run == nil {
			fmt.Fprintf(&b, "  %s\n", f.Outcome())
			continue
		}
		if len(run.Images) == 0 {
			fmt.Fprintf(&b, "  %s: nothing was fetched\n", f.Name())
			continue
		}
		if !run.Timed() {
			continue // another program
		}
		workers, shown := run.Rows(), timelineWorkers
		if workers <= shown+2 {
			shown = workers
		}
		if lines += shown; lines > timelineLines && i > 0 {
			fmt.Fprintf(&b, "  and %d more contenders\n", len(e.Comparison.Modes)-i)
			break
		}
		note := ""
		if f.Error != "" {
			note = " (failed)"
		}
		fmt.Fprintf(&b, "  %s%s\n", f.Name(), note)
		for worker := range shown {
			row, dense := timelineRow(run.Images, worker, span)
			crowded = crowded || dense
			fmt.Fprintf(&b, "  %4d |%s|\n", worker+1, row)
		}
		if workers > shown {
			fmt.Fprintf(&b, "       and %d more workers\n", workers-shown)
		}
	}
	fmt.Fprintf(&b, "       0%*s\n", timelineWidth+1, strconv.FormatFloat(span, 'f', 2, 64)+" s")
	if crowded {
		b.WriteString("\n[ ] is an image with its number; narrower ones: # busy, + half the time, . less\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// columnTime formats the time that one column stands for.
func columnTime(span float64) string {
	if seconds := span / timelineWidth; seconds >= 0.1 {
		return strconv.FormatFloat(seconds, 'f', 2, 64) + " s"
	}
	return strconv.FormatFloat(1000*span/timelineWidth, 'g', 3, 64) + " ms"
}

// timelineRow draws the images of one worker. An image of four columns or more is drawn from [
// to ], with its number if that fits. Elsewhere each column shows how busy the worker was, and
// dense is true.
func timelineRow(images []report.Image, worker int, span float64) (row string, dense bool) {
	columns := []byte(strings.Repeat(" ", timelineWidth))
	busy := make([]float64, timelineWidth) // share of each column
	scale := timelineWidth / span
	for _, image := range images {
		if image.Worker != worker {
			continue
		}
		from, to := image.Start*scale, (image.Start+image.Timing.Total)*scale
		first, end := int(math.Round(from)), min(int(math.Round(to)), timelineWidth)
		if end-first >= 4 && first >= 0 {
			copy(columns[first:end], imageBlock(strconv.Itoa(image.Index), end-first))
			continue
		}
		for i := max(0, int(from)); i < timelineWidth && float64(i) < to; i++ {
			busy[i] += min(to, float64(i+1)) - max(from, float64(i))
		}
	}
	for i, share := range busy {
		if columns[i] != ' ' || share < 0.05 {
			continue
		}
		dense = true
		switch {
		case share >= 0.75:
			columns[i] = '#'
		case share >= 0.4:
			columns[i] = '+'
		default:
			columns[i] = '.'
		}
	}
	return string(columns), dense
}

// imageBlock draws one image, as wide as columns.
func imageBlock(number string, columns int) string {
	if len(number) > columns-2 {
		number = ""
	}
	left := (columns - 2 - len(number)) / 2
	return "[" + strings.Repeat("=", left) + number + strings.Repeat("=", columns-2-left-len(number)) + "]"
}
