// Package progress shows a run while it goes on. It only reads counters. The run never waits for
// it, not even if a terminal stops taking output.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

const (
	drawEvery  = 100 * time.Millisecond
	plainEvery = 5 * time.Second
	logQueue   = 4096 // lines that may wait for a slow terminal
	maxHeld    = 20   // hosts that are listed
	clearLine  = "\r\x1b[K"
)

// Display shows one run. A goroutine of its own writes the output, so that a slow terminal delays
// nothing else.
type Display struct {
	name     string
	verbose  bool
	counters *live.Counters
	meter    meter // of the goroutine that writes
	out      io.Writer
	lines    chan string
	dropped  atomic.Int64 // lines that did not fit into the queue
	stop     chan struct{}
	stopped  chan struct{}
}

// Start begins to show a run on out. If verbose is set, it shows a line for each result. The
// caller must call Stop.
func Start(out io.Writer, style Style, name string, verbose bool, counters *live.Counters) *Display {
	d := &Display{
		name: name, verbose: verbose, counters: counters, meter: meter{counters: counters, started: time.Now()}, out: out,
		lines: make(chan string, logQueue), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go func() {
		defer close(d.stopped)
		switch style {
		case Bar:
			d.showBar()
		case Plain:
			d.showLines(time.NewTicker(plainEvery))
		default:
			d.showLines(nil)
		}
	}()
	return d
}

// Stop shows the lines that still wait and ends the display. After it returns, nothing is written.
func (d *Display) Stop() {
	close(d.stop)
	<-d.stopped
}

// Answer calls InFlight for each signal that asked delivers. The returned function ends that and
// stops d.
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

// Log shows a line. It never blocks: lines that do not fit into the queue are dropped, and their
// number is shown at the end.
func (d *Display) Log(line string) {
	select {
	case d.lines <- line:
	default:
		d.dropped.Add(1)
	}
}

// Warn shows a message of grab itself, as Log does.
func (d *Display) Warn(text string) { d.Log("grab: " + text) }

// Observe shows the result if the display is verbose. A Display is a [downloader.Observer].
func (d *Display) Observe(r downloader.Result) {
	if d.verbose {
		d.Log(r.String())
	}
}

// ObserveHost shows what has become of a host if the display is verbose. A Display is a
// [downloader.HostObserver].
func (d *Display) ObserveHost(e downloader.HostEvent) {
	if d.verbose {
		d.Log(e.String())
	}
}

// Interrupted says how many images an interrupted run waits for, and for how long at most. A
// verbose display also lists the images.
func (d *Display) Interrupted(grace time.Duration) {
	if n := d.counters.InFlight.Load(); n > 0 {
		d.Log(fmt.Sprintf("interrupted: waiting up to %v for %s in flight; a second signal ends at once", grace, plural(int(n), "image")))
		if d.verbose {
			d.InFlight()
		}
	}
}

// InFlight lists the images in flight, with the phase of each and how long it has taken, and the
// hosts that images wait for.
func (d *Display) InFlight() {
	flights := d.counters.Flights()
	lines := make([]string, 1, 1+len(flights)) // one entry of the queue, so that all or none are shown
	lines[0] = fmt.Sprintf("%s: %d in flight", d.name, len(flights))
	for _, f := range flights {
		lines = append(lines, "  "+f.String())
	}
	held, givenUp := d.counters.Hosts()
	for _, h := range held[:min(len(held), maxHeld)] {
		lines = append(lines, "  "+h.String())
	}
	if more := len(held) - maxHeld; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %s more that are waited for", plural(more, "host")))
	}
	if givenUp > 0 {
		lines = append(lines, fmt.Sprintf("  %s given up, to be tried once more at the end", plural(givenUp, "host")))
	}
	d.Log(strings.Join(lines, "\n"))
}

// showBar draws a bar and shows lines above it until the display is stopped. Each frame is one
// Write.
func (d *Display) showBar() {
	bar := func() string { return frame(d.name, d.meter.snapshot(), Columns(d.out)) }
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	for {
		select {
		case line := <-d.lines:
			fmt.Fprint(d.out, clearLine, line, "\n", bar())
		case <-ticker.C:
			fmt.Fprint(d.out, clearLine, bar())
		case <-d.stop:
			d.drain(func(line string) { fmt.Fprint(d.out, clearLine, line, "\n") })
			fmt.Fprint(d.out, clearLine, bar(), "\n")
			return
		}
	}
}

// showLines shows lines until the display is stopped, and the progress at each tick. Without a
// ticker it shows no progress.
func (d *Display) showLines(ticker *time.Ticker) {
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
			fmt.Fprintln(d.out, d.meter.snapshot().line(d.name))
		case <-d.stop:
			d.drain(func(line string) { fmt.Fprintln(d.out, line) })
			return
		}
	}
}

// drain shows the lines that still wait, and how many were dropped.
func (d *Display) drain(show func(string)) {
	for {
		select {
		case line := <-d.lines:
			show(line)
		default:
			if n := d.dropped.Load(); n > 0 {
				show(fmt.Sprintf("(%d lines were left out: the output was too slow)", n))
			}
			return
		}
	}
}
