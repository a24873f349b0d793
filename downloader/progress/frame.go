package progress

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	maxBar         = 40 // columns of the bar itself
	minBar         = 10 // columns below which figures are left out instead
	defaultColumns = 80 // of an output whose width is unknown
)

// Columns returns the width of a terminal. It may change at any time.
func Columns(out io.Writer) int {
	if f, ok := out.(interface{ Fd() uintptr }); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return defaultColumns
}

// frame returns one line of less than width columns, with as many figures as there is room for.
// If the total is known, the line has a bar.
func frame(name string, s snapshot, width int) string {
	if s.total <= 0 {
		return truncate(s.line(name), width-1)
	}
	s.total = max(s.total, s.done)
	figures := []string{s.figures(), s.pace(), s.count() + s.waiting(), s.count()}
	room := func(text string) int {
		return width - 1 - utf8.RuneCountInString(name) - utf8.RuneCountInString(text) - len(" 100% || ")
	}
	for len(figures) > 1 && room(figures[0]) < minBar {
		figures = figures[1:]
	}
	// Each frame has a new bar: one that is kept draws at times of its own, twice for each change,
	// and measures rates and widths differently.
	bar := progressbar.NewOptions64(s.total,
		progressbar.OptionSetWriter(io.Discard),
		progressbar.OptionSetDescription(name),
		progressbar.OptionSetWidth(max(1, min(maxBar, room(figures[0])))),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
	)
	_ = bar.Set64(s.done - s.canceled) // io.Discard does not fail
	_ = bar.RenderBlank()              // Set64 draws nothing at 0
	return truncate(strings.TrimSpace(bar.String())+" "+figures[0], width-1)
}

// truncate returns at most width columns of the line.
func truncate(line string, width int) string {
	if runes := []rune(line); len(runes) > width {
		return string(runes[:max(0, width)])
	}
	return line
}
