package progress

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	clearLine  = "\r\x1b[K"
	wideBar    = 40 // columns that the bar itself has at most
	narrowBar  = 10 // and at least, before text is left out
	someColumn = 80 // for an output whose width is not known
)

// bar draws until the display is stopped, each frame with one Write.
func (d *Display) bar() {
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	for {
		select {
		case line := <-d.lines:
			fmt.Fprint(d.out, clearLine, line, "\n", d.frame())
		case <-ticker.C:
			fmt.Fprint(d.out, clearLine, d.frame())
		case <-d.stop:
			d.rest(func(line string) { fmt.Fprint(d.out, clearLine, line, "\n") })
			fmt.Fprint(d.out, clearLine, d.frame(), "\n")
			return
		}
	}
}

func (d *Display) frame() string {
	return frame(d.name, take(d.counters, d.started), columns(d.out))
}

// columns returns the width of a terminal, which may change at any time.
func columns(out io.Writer) int {
	if f, ok := out.(interface{ Fd() uintptr }); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return someColumn
}

// frame is one line that fits into width columns: a bar, as long as there is
// something to measure it by, and as many figures beside it as there is room for.
func frame(name string, s snapshot, width int) string {
	if s.total <= 0 {
		return cut(s.line(name), width-1)
	}
	s.total = max(s.total, s.done)
	figures := []string{s.figures(), s.pace(), s.count()}
	room := func(text string) int {
		return width - 1 - utf8.RuneCountInString(name) - utf8.RuneCountInString(text) - len(" 100% || ")
	}
	for len(figures) > 1 && room(figures[0]) < narrowBar {
		figures = figures[1:]
	}
	// A bar of the library's for each frame: kept ones draw when they like, twice
	// a change, and measure rates and widths in ways of their own.
	bar := progressbar.NewOptions64(s.total,
		progressbar.OptionSetWriter(io.Discard),
		progressbar.OptionSetDescription(name),
		progressbar.OptionSetWidth(max(1, min(wideBar, room(figures[0])))),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
	)
	_ = bar.Set64(s.done) // io.Discard does not fail
	_ = bar.RenderBlank() // Set64 draws nothing at 0
	return cut(strings.TrimSpace(bar.String())+" "+figures[0], width-1)
}

// cut returns at most width columns of line.
func cut(line string, width int) string {
	if runes := []rune(line); len(runes) > width {
		return string(runes[:max(0, width)])
	}
	return line
}
