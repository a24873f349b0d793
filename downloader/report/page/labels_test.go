package page

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
)

// lockstep returns a run in which all workers begin and end their images together.
func lockstep(images, workers int, total float64) *report.Run {
	r := &report.Run{Mode: downloader.Pool, Workers: workers, OK: images, Total: images}
	for i := range images {
		r.Images = append(r.Images, report.Image{
			Index: i, Worker: i % workers, Start: total * float64(i/workers), SHA256: "x",
			Timing: downloader.Timing{Total: total},
		})
	}
	return r
}

// A hundred images on three workers are 34 waves, whose bars have all of their numbers, or none
// on a narrow page. A single bar that is a little longer than the others has no number before them.
func TestLabelsOfWaves(t *testing.T) {
	r := lockstep(100, 3, 1)
	r.Images[7].Timing.Total = 0.9
	r.Images[9].Timing.Total = 1.02
	picture, note := drawBars(r, 3, linearScale(34), "pool n=3")
	if note != "34 waves of 3; round 1" {
		t.Errorf("the note is %q", note)
	}
	classes := map[string]int{}
	for _, m := range regexp.MustCompile(`class="inside middle (from\d+)"[^>]*>\d+<`).FindAllStringSubmatch(string(picture), -1) {
		classes[m[1]]++
	}
	if len(classes) != 2 || classes["from700"] != 99 || classes["from800"] != 1 {
		t.Errorf("the bars have numbers on pages of these widths: %v", classes)
	}
}

// A bar tells its image and its worker, and marks the time before the request and that of the body.
func TestBar(t *testing.T) {
	var d drawing
	image := report.Image{Index: 4, Worker: 1, Start: 1, Timing: downloader.Timing{DNS: 0.05, Connect: 0.1, TLS: 0.05, Body: 0.4, Total: 1}}
	drawBar(&d, linearScale(4), labels{}, image, 8, "pool")
	want := `<rect class="bar pool apart" x="25%" y="8" width="25%" height="6"><title>image 4: worker 2, 1.00 s to 2.00 s, 1.00 s in all</title></rect>` +
		`<rect class="part" x="25%" y="8" width="5%" height="6"/>` +
		`<rect class="part" x="40%" y="8" width="10%" height="6"/>`
	if got := d.b.String(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// The mark of the ideal time is below the times, and the axis below the drawing.
func TestPlaces(t *testing.T) {
	e := sample{5, 1, 1, []int{3}, ""}.experiment()
	f := e.Comparison.Modes[0]
	f.Ideal = f.Median
	if picture := string(drawTimes([]report.Figures{f})); !regexp.MustCompile(`class="ideal middle" x="[^"]*" y="44"`).MatchString(picture) {
		t.Error(picture)
	}
	picture, _ := drawInFlight(&e.Runs[0], linearScale(5), "x")
	if !strings.Contains(string(picture), fmt.Sprintf(`height="%v"`, 90+axisHeight)) {
		t.Error(picture)
	}
}

// The curve of many images has the average number in flight in each slice of the time.
func TestInFlight(t *testing.T) {
	r := &report.Run{Mode: downloader.Pool, Workers: 2, Round: 4}
	for i, at := range [][2]float64{{0, 1.5}, {1, 1}, {1.25, 0.5}, {199.5, 9}} {
		r.Images = append(r.Images, report.Image{Index: i, Worker: i % 2, Start: at[0], Timing: downloader.Timing{Total: at[1]}})
	}
	flights, most := inFlight(r, 1)
	for i, want := range map[int]float64{0: 1, 1: 2, 2: 0, 198: 0, 199: 0.5} {
		if flights[i] != want {
			t.Errorf("slice %d: %v, want %v", i, flights[i], want)
		}
	}
	if len(flights) != timeSlices || most != 2 {
		t.Errorf("%d slices, at most %v in flight", len(flights), most)
	}
	picture, note := drawInFlight(r, linearScale(200), "x")
	for _, want := range []string{
		`d="M0 45L5 45L5 0L10 0L10 90L15 90L`, `L995 90L995 67.5L1000 67.5V90H0Z"`, `<path class="area pool"`,
		`<text class="worker end" x="0%" y="10">2.00</text>`, `<text class="worker end" x="0%" y="90">0</text>`, `aria-label="Images in flight, x"`,
		`<line class="grid" x1="100%" y1="0" x2="100%" y2="90"/>`,
	} {
		if !strings.Contains(string(picture), want) {
			t.Errorf("no %s in %s", want, picture)
		}
	}
	if want := "round 5: too many images to draw one by one (4 images, 2 workers); the curve is the average number in flight in each 1.00 s"; note != want {
		t.Errorf("%s, want %s", note, want)
	}
	r.Images = r.Images[:1]
	if picture, _ := drawInFlight(r, linearScale(4000), "x"); !strings.Contains(string(picture), `d="M0 83.3L5 83.3L5 90L10 90`) {
		t.Errorf("less than one in flight: %.300s", picture)
	}
	for _, c := range []struct {
		images, workers, limit int
		bars                   bool
	}{{5, 1, 5, true}, {6, 1, 5, false}, {5, 128, 5, true}, {5, 129, 5, false}} {
		e := report.Experiment{Runs: []report.Run{*lockstep(c.images, c.workers, 1)}}
		e.Comparison.Modes = []report.Figures{{Mode: downloader.Pool, Workers: c.workers}}
		if lane := drawTimelines(&e, c.limit)[0]; strings.Contains(string(lane.Picture), "<rect") != c.bars || strings.Contains(lane.Note, "too many images") == c.bars {
			t.Errorf("%+v: %s", c, lane.Note)
		}
	}
}

// The height of a row follows from the number of workers, and tells what fits into it.
func TestRows(t *testing.T) {
	for workers, want := range map[int]string{
		1:   "height 48, row 22, apart true, numbers true, workers 1",
		13:  "height 324, row 21.077, apart true, numbers true, workers 13",
		21:  "height 324, row 12.286, apart true, numbers true, workers 21",
		22:  "height 324, row 11.636, apart true, numbers false, workers 22",
		27:  "height 324, row 9.111, apart true, numbers false, workers 27",
		28:  "height 324, row 8.714, apart true, numbers false, workers 3",
		37:  "height 324, row 6.108, apart true, numbers false, workers 4",
		38:  "height 324, row 5.921, apart false, numbers false, workers 4",
		100: "height 324, row 2.25, apart false, numbers false, workers 10",
		128: "height 408, row 2.25, apart false, numbers false, workers 13",
	} {
		picture, _ := drawBars(lockstep(1, workers, 1), workers, linearScale(1), "x")
		text := string(picture)
		height := regexp.MustCompile(`width="100%" height="([^"]*)"`).FindStringSubmatch(text)[1]
		row := regexp.MustCompile(`<rect class="bar[^>]* height="([^"]*)"`).FindStringSubmatch(text)[1]
		got := fmt.Sprintf("height %s, row %s, apart %v, numbers %v, workers %d", height, row, strings.Contains(text, " apart"),
			strings.Contains(text, "inside middle"), strings.Count(text, "worker end"))
		if got != want {
			t.Errorf("%d: %s, want %s", workers, got, want)
		}
	}
}

// The axis of the images' times ends after the slowest image.
func TestSlowestImage(t *testing.T) {
	e := sample{2, 1, 1, []int{1}, ""}.experiment()
	slow := &e.Runs[0].Images[0]
	slow.Timing.Total = 10
	picture, _ := drawLatencies(&e, e.Comparison.Modes[:1])
	if !strings.Contains(string(picture), ">10 s<") {
		t.Error(picture)
	}
}

func TestLabelClass(t *testing.T) {
	l := newLabels([]report.Image{{Index: 3, Timing: downloader.Timing{Total: 1}}, {Index: 10, Start: 1, Timing: downloader.Timing{Total: 1.1}}}, linearScale(10))
	for _, test := range []struct {
		index int
		share float64
		want  string
	}{
		{3, 0.1, "from240"}, {10, 0.11, "from240"}, {3, 0.05, "from400"}, {3, 0.01, ""}, {1234567, 0.5, "from240"},
	} {
		got, ok := l.class(report.Image{Index: test.index}, test.share)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("image %d, %v of the width: %q, want %q", test.index, test.share, got, test.want)
		}
	}
}

func TestWaves(t *testing.T) {
	apart := lockstep(6, 3, 1)
	apart.Images[2].Timing.Total, apart.Images[5].Start = 2.5, 2.5 // a worker is still busy as the next wave ends
	ahead := lockstep(6, 3, 1)
	ahead.Images[0].Timing.Total, ahead.Images[3].Start = 0.9, 0.9
	for name, test := range map[string]struct {
		run  *report.Run
		want int
	}{
		"two waves": {lockstep(5, 3, 1), 2}, "one": {lockstep(3, 3, 1), 1}, "none": {&report.Run{}, 0},
		"overlapping": {apart, 0}, "a worker is ahead": {ahead, 2},
	} {
		if got := waves(test.run); got != test.want {
			t.Errorf("%s: %d waves, want %d", name, got, test.want)
		}
	}
}

// Each class of a number has a rule in the style sheet. No phase has the colour of a mode, in light
// and in dark.
func TestStyle(t *testing.T) {
	data, err := files.ReadFile("style.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(data)
	for _, width := range []int{240, 320, 400, 500, 600, 700, 800, 900} {
		rule := fmt.Sprintf("@container (min-width: %[1]dpx) { .from%[1]d { display: inline; } }", width)
		if !strings.Contains(css, rule) {
			t.Errorf("no rule %q", rule)
		}
	}
	for i, block := range regexp.MustCompile(`:root \{[^}]*\}`).FindAllString(css, -1) {
		meaning := map[string]string{}
		for _, m := range regexp.MustCompile(`--(sequential|pool|process|other|p\d): (#[0-9a-f]+);`).FindAllStringSubmatch(block, -1) {
			if other, taken := meaning[m[2]]; taken {
				t.Errorf("block %d: %s is the colour of %s and %s", i, m[2], other, m[1])
			}
			meaning[m[2]] = m[1]
		}
		if len(meaning) != 12 {
			t.Errorf("block %d: %d colours, want 12", i, len(meaning))
		}
	}
}

// What puts the conclusion in doubt is said before the times, and only there. One round has no
// spread to draw.
func TestCaveatsAndSpread(t *testing.T) {
	for rounds, spread := range map[int]bool{1: false, 2: true} {
		e := sample{images: 5, rounds: rounds, seconds: 0.01, workers: []int{3}}.experiment()
		var b bytes.Buffer
		if err := Write(&b, []report.Experiment{e}, Options{}); err != nil {
			t.Fatal(err)
		}
		page, _, _ := strings.Cut(b.String(), `<script type="application/json"`)
		if len(e.Comparison.Caveats) == 0 {
			t.Fatal("no caveat")
		}
		for _, caveat := range e.Comparison.Caveats {
			text := strings.ReplaceAll(caveat, "'", "&#39;")
			if at := strings.Index(page, text); at < 0 || at > strings.Index(page, `class="tiles"`) || strings.Count(page, text) != 1 {
				t.Errorf("%q is at %d, %d times", caveat, at, strings.Count(page, text))
			}
		}
		if strings.Contains(page, "Deviation of the rounds") != spread {
			t.Errorf("%d rounds: the card of the spread is there: %v", rounds, !spread)
		}
	}
}
