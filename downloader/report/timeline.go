package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Sizes of the timeline, in columns and lines.
const (
	timelineWidth   = 64
	timelineWorkers = 8  // of one contender
	timelineLines   = 40 // of all
)

// WriteTimeline draws when each worker had which image, with letters: a line for
// each worker, the same time for all contenders. Of each the round nearest to
// its median is drawn.
func WriteTimeline(w io.Writer, e *Experiment) error {
	span := e.Span()
	if span <= 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nWhen each worker had which image; a column is %s\n\n", column(span))
	lines, crowded := 0, false
	for i := range e.Comparison.Modes {
		f := &e.Comparison.Modes[i]
		run := e.Typical(f)
		if run == nil {
			fmt.Fprintf(&b, "  %s\n", f.Fate())
			continue
		}
		if len(run.Images) == 0 {
			fmt.Fprintf(&b, "  %s: nothing was fetched\n", f.Name())
			continue
		}
		workers, shown := run.rows(), timelineWorkers
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
			row, full := run.row(worker, span)
			crowded = crowded || full
			fmt.Fprintf(&b, "  %4d |%s|\n", worker+1, row)
		}
		if workers > shown {
			fmt.Fprintf(&b, "       and %d more workers\n", workers-shown)
		}
	}
	fmt.Fprintf(&b, "       0%*s\n", timelineWidth+1, strconv.FormatFloat(span, 'f', 2, 64)+" s")
	if crowded {
		b.WriteString("\n[ ] is an image with its number; where images are narrower: # busy, + half of the time, . less\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// column writes how long a column is.
func column(span float64) string {
	if seconds := span / timelineWidth; seconds >= 0.1 {
		return strconv.FormatFloat(seconds, 'f', 2, 64) + " s"
	}
	return strconv.FormatFloat(1000*span/timelineWidth, 'g', 3, 64) + " ms"
}

// rows returns how many workers there are to show.
func (r *Run) rows() int {
	workers := r.Workers
	for _, image := range r.Images {
		workers = max(workers, image.Worker+1)
	}
	return workers
}

// row draws one worker's images. An image that has four columns or more is drawn
// from [ to ], with its number if that fits. Elsewhere a column tells how busy
// the worker was, and crowded is true.
func (r *Run) row(worker int, span float64) (row string, crowded bool) {
	columns := []byte(strings.Repeat(" ", timelineWidth))
	busy := make([]float64, timelineWidth) // shares of columns
	scale := timelineWidth / span
	for _, image := range r.Images {
		if image.Worker != worker {
			continue
		}
		from, to := image.Start*scale, (image.Start+image.Timing.Total)*scale
		first, end := int(math.Round(from)), min(int(math.Round(to)), timelineWidth)
		if end-first >= 4 && first >= 0 {
			copy(columns[first:end], block(strconv.Itoa(image.Index), end-first))
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
		crowded = true
		switch {
		case share >= 0.75:
			columns[i] = '#'
		case share >= 0.4:
			columns[i] = '+'
		default:
			columns[i] = '.'
		}
	}
	return string(columns), crowded
}

// block is an image that has so many columns.
func block(number string, columns int) string {
	if len(number) > columns-2 {
		number = ""
	}
	left := (columns - 2 - len(number)) / 2
	return "[" + strings.Repeat("=", left) + number + strings.Repeat("=", columns-2-left-len(number)) + "]"
}
