// Package progress shows a run while it goes on. It reads counters; nothing
// that fetches ever waits for it, not even when its output is stopped.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"grab/downloader"
	"grab/downloader/live"
)

// Style is how progress is shown.
type Style string

// The styles.
const (
	Auto  Style = "auto"  // Bar on a terminal, Plain otherwise
	Bar   Style = "bar"   // a bar, drawn ten times a second
	Plain Style = "plain" // a line every few seconds
	None  Style = "none"  // nothing but lines of Log
)

const (
	drawEvery  = 100 * time.Millisecond
	plainEvery = 5 * time.Second
	logQueue   = 4096 // lines that may wait for a slow terminal
)

// Choose returns the style that Auto means for an output and an environment.
func (s Style) Choose(out *os.File, getenv func(string) string) Style {
	if s != Auto {
		return s
	}
	if term.IsTerminal(int(out.Fd())) && getenv("TERM") != "dumb" && getenv("CI") == "" {
		return Bar
	}
	return Plain
}

// Display shows one run. One goroutine owns the output: it alone draws, and it
// alone can be held up by a terminal.
type Display struct {
	name     string
	verbose  bool
	counters *live.Counters
	started  time.Time
	out      io.Writer
	lines    chan string
	lost     atomic.Int64
	stop     chan struct{}
	stopped  chan struct{}
}

// Answer has d tell what is in flight whenever something comes from asked. The
// returned function ends that, and stops d.
func (d *Display) Answer(asked <-chan os.Signal) (stop func()) {
	ended, answered := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(answered)
		for {
			select {
			case <-asked:
				d.InFlight()
			case <-ended:
				return
			}
		}
	}()
	return func() { close(ended); <-answered; d.Stop() }
}

// Start begins to show a run called name on out, and if verbose each of its
// results. The caller calls Stop.
func Start(out io.Writer, style Style, name string, verbose bool, counters *live.Counters) *Display {
	d := &Display{
		name: name, verbose: verbose, counters: counters, started: time.Now(), out: out,
		lines: make(chan string, logQueue), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go func() {
		defer close(d.stopped)
		switch style {
		case Bar:
			d.bar()
		case Plain:
			d.plain(time.NewTicker(plainEvery))
		default:
			d.plain(nil)
		}
	}()
	return d
}

// Log shows a line. It never waits: when the output cannot keep up, lines are
// left out, and their number is told at the end.
func (d *Display) Log(line string) {
	select {
	case d.lines <- line:
	default:
		d.lost.Add(1)
	}
}

// Warn shows a line of the program's own, as Log does.
func (d *Display) Warn(text string) { d.Log("grab: " + text) }

// Observe takes a result: a Display is a [downloader.Observer].
func (d *Display) Observe(r downloader.Result) {
	if d.verbose {
		d.Log(r.String())
	}
}

// Interrupted says what an interrupted run waits for, and how long. If verbose it
// names the images.
func (d *Display) Interrupted(grace time.Duration) {
	if n := d.counters.InFlight.Load(); n > 0 {
		d.Log(fmt.Sprintf("interrupted: waiting up to %v for %d images in flight; a second signal ends at once", grace, n))
		if d.verbose {
			d.InFlight()
		}
	}
}

// InFlight shows each image that is in flight, what it is at, and for how long.
func (d *Display) InFlight() {
	flights := d.counters.Flights()
	lines := make([]string, 1, 1+len(flights)) // shown together or, by an output that is too slow, not at all
	lines[0] = fmt.Sprintf("%s: %d in flight", d.name, len(flights))
	for _, f := range flights {
		lines = append(lines, "  "+f.String())
	}
	d.Log(strings.Join(lines, "\n"))
}

// Stop shows what is still to be shown and ends the display. Nothing is written
// after Stop.
func (d *Display) Stop() {
	close(d.stop)
	<-d.stopped
}

// plain prints the lines, and one of progress at each tick.
func (d *Display) plain(ticker *time.Ticker) {
	var tick <-chan time.Time
	if ticker != nil {
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case line := <-d.lines:
			fmt.Fprintln(d.out, line)
		case <-tick:
			fmt.Fprintln(d.out, take(d.counters, d.started).line(d.name))
		case <-d.stop:
			d.rest(func(line string) { fmt.Fprintln(d.out, line) })
			return
		}
	}
}

// rest shows the lines that still wait.
func (d *Display) rest(show func(string)) {
	for {
		select {
		case line := <-d.lines:
			show(line)
		default:
			if n := d.lost.Load(); n > 0 {
				show(fmt.Sprintf("(%d lines were left out: the output was too slow)", n))
			}
			return
		}
	}
}
