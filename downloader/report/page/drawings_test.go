package page

import (
	"flag"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

var update = flag.Bool("update", false, "write the drawings into testdata/drawings.txt")

// TestDrawings compares every drawing of a comparison with testdata/drawings.txt, to the last
// coordinate. After a change that is meant, look at what -update changes there.
func TestDrawings(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	draw := func(name string, picture template.HTML, keys []key) {
		fmt.Fprintf(&b, "== %s %v\n%s\n", name, keys, strings.ReplaceAll(string(picture), "><", ">\n<"))
	}
	lanes := func(name string, lanes []lane) {
		for _, l := range lanes {
			draw(fmt.Sprintf("%s: %s, failed %v, %s", name, l.Name, l.Failed, l.Note), l.Picture, nil)
		}
	}
	e := reporttest.Rich(nil)
	modes := e.Comparison.Modes
	draw("times", drawTimes(modes[2:4]), nil)
	draw("spread", drawSpread(modes[2:4]), nil)
	once := modes[2]
	once.Confidence, once.Low, once.High = 0, 0, 0
	draw("spread without confidence", drawSpread([]report.Figures{once}), nil)
	latencies, keys := drawLatencies(&e, modes[1:3])
	draw("latencies", latencies, keys)
	phases, keys := drawPhases(modes[2:4])
	draw("phases", phases, keys)
	phases, keys = drawPhases(modes[2:3])
	draw("phases of one", phases, keys)
	draw("CPU", drawCPU(modes[2:4]), nil)
	draw("memory", drawMemory(modes[2:4]), nil)
	e.Comparison.Modes = append(slices.Clone(modes[1:3]), modes[5:]...)
	scaling, keys := drawScaling(&e.Comparison)
	draw("scaling", scaling, keys)
	e.Comparison.Modes = []report.Figures{modes[2], modes[6]}
	lanes("bars", drawTimelines(&e, 5))

	broken := reporttest.Rich(func(r *report.Run) {
		if r.Mode == downloader.Process {
			r.OK, r.Error, r.Images = 3, "x", r.Images[:3]
		}
	})
	lanes("broken", drawTimelines(&broken, 5)[4:])
	broken.Runs = broken.Runs[:1]
	broken.Comparison = report.Compare(broken.Conditions, broken.Runs)
	lanes("interrupted", drawTimelines(&broken, 5)[:2])

	sweep := []report.Experiment{reporttest.Rich(nil), broken, reporttest.Rich(func(r *report.Run) { r.Seconds *= 1.3 }), reporttest.Rich(nil)}
	for i := range sweep {
		sweep[i].Conditions.Sweep = fmt.Sprintf("n=%d", i)
		sweep[i].Comparison.Modes = sweep[i].Comparison.Modes[1:3]
	}
	sweep[3].Comparison.Modes = sweep[3].Comparison.Modes[:1]
	picture, keys := drawSweep(sweep, "a sweep", func(f *report.Figures) float64 { return f.Median }, tick)
	draw("sweep", picture, keys)

	reporttest.Golden(t, "testdata/drawings.txt", b.String(), *update)
}
