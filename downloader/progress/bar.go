package progress

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar draws until the display is stopped. All calls to the library come from
// this goroutine: it holds its lock while it writes.
func (d *Display) bar() {
	out := d.out
	if f, ok := out.(*os.File); ok && !term.IsTerminal(int(f.Fd())) {
		out = struct{ io.Writer }{f} // the library syncs files after each frame
	}
	bar := progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(out),
		progressbar.OptionSetDescription(d.name),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("images"),
		progressbar.OptionFullWidth(),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetSpinnerChangeInterval(0), // else a goroutine of its own, which races
	)
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	b := &drawn{display: d, bar: bar}
	for {
		select {
		case line := <-d.lines:
			b.above(line)
		case <-ticker.C:
			b.draw()
		case finished := <-d.stop:
			b.draw()
			d.rest(b.above)
			b.end(finished)
			return
		}
	}
}

// drawn is a bar on the screen.
type drawn struct {
	display *Display
	bar     *progressbar.ProgressBar
	total   int64
}

// draw brings the bar to what the counters say. The library refuses a maximum of
// 0 and a count above the maximum.
func (b *drawn) draw() {
	s := take(b.display.counters, b.display.started)
	b.bar.Describe(fmt.Sprintf("%s %s", b.display.name, s.traffic()))
	if total := max(s.total, s.done); s.total > 0 && total != b.total {
		b.total = total
		b.bar.ChangeMax64(total)
	}
	_ = b.bar.Set64(s.done) // redraws; its output is a terminal: nowhere else to tell
}

// above prints a line over the bar.
func (b *drawn) above(line string) {
	_ = b.bar.Clear()
	fmt.Fprintln(b.display.out, line)
	_ = b.bar.RenderBlank()
}

// end leaves the bar as it is and goes to the next line. Finish would paint a
// full bar whatever happened.
func (b *drawn) end(finished bool) {
	if finished && b.total > 0 {
		_ = b.bar.Finish()
	} else {
		_ = b.bar.Exit()
	}
	fmt.Fprintln(b.display.out)
}
