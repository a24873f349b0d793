package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// TestUnitLimits has values on both sides of each change of the unit or the digits.
func TestUnitLimits(t *testing.T) {
	for seconds, want := range map[float64]string{0.0009994: "999 µs", 0.0009996: "1.00 ms", 0.9994: "999 ms", 0.9996: "1.00 s", 9.994: "9.99 s", 9.996: "10.0 s", 99.94: "99.9 s", 99.96: "100 s", -99.96: "-100 s", 1e6: "1000000 s"} {
		if got := duration(seconds); got != want {
			t.Errorf("%v: %s, want %s", seconds, got, want)
		}
	}
	for seconds, want := range map[float64]string{
		0.0001234: "123.4 µs", 0.000998: "998 µs", 0.000999: "0.999 ms", 0.1234: "123.4 ms", 0.998: "998 ms", 0.999: "0.999 s", 1.23456: "1.23456 s", 123456: "123456 s",
	} {
		if got := tick(seconds); got != want {
			t.Errorf("%v: %s, want %s", seconds, got, want)
		}
	}
	for v, want := range map[float64]string{0: "–", -1: "–", 0.001: "0.00×", 2.5: "2.50×"} {
		if got := speedup(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	http2 := fmt.Sprint(terms(report.Conditions{HTTP2: true}))
	if !strings.Contains(http2, "{Protocol HTTP/2 where the server has it}") || strings.Contains(fmt.Sprint(terms(report.Conditions{})), "Protocol") {
		t.Error(http2)
	}
}

// TestThinOut keeps the fastest and the slowest of many rounds, and rounds between them.
func TestThinOut(t *testing.T) {
	var values []float64
	for i := range maxDots {
		values = append(values, float64(maxDots-i))
	}
	if got := thinOut(values); !slices.Equal(got, values) {
		t.Errorf("%d values", len(got))
	}
	values = append(values, 0)
	got := thinOut(values)
	if len(got) != maxDots || got[0] != 0 || got[1] != 1 || got[100] != 100 || got[maxDots-1] != maxDots || !slices.IsSorted(got) {
		t.Errorf("%v", got)
	}
	f := report.Figures{Median: 2}
	for seconds, want := range map[float64]float64{1: -0.5, 2: 0, 3: 0.5} {
		if got := deviation(&f, seconds); got != want {
			t.Errorf("%v: %v, want %v", seconds, got, want)
		}
	}
	if deviation(&report.Figures{}, 1) != 0 || deviation(&report.Figures{Median: 1}, 3) != 2 {
		t.Error("the deviation of a contender without a median")
	}
}

// TestHeadings names experiments and pages.
func TestHeadings(t *testing.T) {
	named := func(sweep, preset, conclusion string) (e report.Experiment) {
		e.Conditions.Sweep, e.Conditions.Preset, e.Comparison.Conclusion = sweep, preset, conclusion
		return e
	}
	faster := named("n=2", "", "")
	faster.Comparison.Modes = []report.Figures{{Speedup: 2}}
	changes := make([]report.Changes, 2)
	for _, c := range []struct {
		all      []report.Experiment
		opts     Options
		headline string
		charts   int
		headings []string
	}{
		{[]report.Experiment{named("n=1", "p", "Done.")}, Options{}, "Done.", 0, []string{"n=1"}},
		{[]report.Experiment{named("", "p", ""), named("", "", "")}, Options{}, "2 comparisons", 0, []string{"Preset p", "Comparison 2"}},
		{[]report.Experiment{named("n=1", "", ""), named("n=2", "", "")}, Options{}, "A sweep over n, 2 comparisons", 1, []string{"n=1", "n=2"}},
		{[]report.Experiment{named("n=1", "", ""), faster}, Options{}, "A sweep over n, 2 comparisons", 2, []string{"n=1", "n=2"}},
		{[]report.Experiment{named("", "", ""), named("", "", "")}, Options{Changes: changes[:1], Before: 1}, "Two saved comparisons, side by side", 0, []string{"Before", "After"}},
		{[]report.Experiment{named("", "", ""), named("", "", ""), named("n=3", "", ""), named("", "", "")}, Options{Changes: changes, Before: 2}, "Two saved comparisons, side by side", 0,
			[]string{"Before: Comparison 1", "Before: Comparison 2", "After: n=3", "After: Comparison 2"}},
	} {
		v, err := newView(c.all, c.opts)
		if err != nil {
			t.Fatal(err)
		}
		var headings []string
		for i, s := range v.Sections {
			headings = append(headings, s.Heading)
			if s.ID != fmt.Sprint("experiment-", i+1) || s.Several != (len(c.all) > 1) {
				t.Errorf("%+v", s)
			}
		}
		if v.Headline != c.headline || v.Title != "grab compare: "+c.headline || len(v.Sweep) != c.charts || !slices.Equal(headings, c.headings) {
			t.Errorf("%q, %d charts, %q; want %+v", v.Headline, len(v.Sweep), headings, c)
		}
	}
}

// TestOneSheet shows images once on a page: those of the first contender that has any.
func TestOneSheet(t *testing.T) {
	e := sample{5, 1, 0.1, []int{2}, "n=1"}.experiment()
	v, err := newView([]report.Experiment{e, e, e}, Options{Folder: func(r *report.Run) fs.FS {
		if r.Mode == downloader.Sequential {
			return nil
		}
		return folder(5)(r)
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{5, 0, 0} {
		if got := len(v.Sections[i].Sheet.Pictures); got != want {
			t.Errorf("section %d: %d pictures, want %d", i, got, want)
		}
	}
}

// TestCharts lists the charts of comparisons with one round and several, and with one number of
// workers and several.
func TestCharts(t *testing.T) {
	const rest = ", Times of single images, Where an image’s time goes, CPU time, Peak memory"
	for _, c := range []struct {
		rounds  int
		workers []int
		want    string
		note    string
	}{
		{1, []int{2}, "Times" + rest, ""},
		{2, []int{2}, "Times and their spread, Deviation of the rounds from their median" + rest, "A dot is a round. There are too few rounds for a confidence interval."},
		{6, []int{2, 3}, "Times and their spread, Deviation of the rounds from their median, Images a second by number of workers" + rest, "A dot is a round. The pale band is the median’s 97 % confidence interval."},
	} {
		e := sample{3, c.rounds, 0.1, c.workers, ""}.experiment()
		var headings []string
		for _, one := range charts(&e) {
			headings = append(headings, one.Heading)
		}
		if got := strings.Join(headings, ", "); got != c.want || c.rounds > 1 && timesNote(&e.Comparison) != c.note {
			t.Errorf("%d rounds: %s; %s\nwant %s; %s", c.rounds, got, timesNote(&e.Comparison), c.want, c.note)
		}
		if e.Comparison.Ranked = false; charts(&e) != nil {
			t.Error("charts of what is not ranked")
		}
	}
	many := report.Comparison{Modes: []report.Figures{{Seconds: make([]float64, maxDots)}}}
	if note := timesNote(&many); strings.Contains(note, "It shows") {
		t.Error(note)
	}
	many.Modes[0].Seconds = make([]float64, maxDots+1)
	if note := timesNote(&many); !strings.HasSuffix(note, " It shows 200 of 201 rounds, evenly spread from the fastest to the slowest.") {
		t.Error(note)
	}
}

// TestThumbnailSizes scales down to the longer side, and never to nothing.
func TestThumbnailSizes(t *testing.T) {
	for _, c := range []struct{ width, height, toWidth, toHeight int }{
		{1, 1, 1, 1}, {112, 112, 112, 112}, {113, 1, 112, 1}, {1, 113, 1, 112}, {224, 100, 112, 50}, {100, 448, 25, 112}, {1000, 2, 112, 1},
	} {
		canvas := image.NewNRGBA(image.Rect(0, 0, c.width, c.height))
		canvas.Set(0, 0, color.White)
		var b bytes.Buffer
		if err := png.Encode(&b, canvas); err != nil {
			t.Fatal(err)
		}
		if s := thumbnailOf(b.Bytes()); s == nil || s.size != image.Pt(c.toWidth, c.toHeight) {
			t.Errorf("%+v: %+v", c, s)
		}
	}
}

// TestSheetNotes says what a sheet leaves out, also if it is one image.
func TestSheetNotes(t *testing.T) {
	files := fstest.MapFS{}
	run := &report.Run{}
	for i := range maxThumbnails + 2 {
		data := picture(i)
		sum := sha256.Sum256(data)
		name := fmt.Sprint(i)
		files[name] = &fstest.MapFile{Data: data}
		run.Images = append(run.Images, report.Image{Index: i, File: name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data)), Width: 60, Height: 90})
	}
	sheetOf := func(n int, gone ...int) sheet {
		few := *run
		few.Images = slices.Clone(run.Images[:n])
		for _, i := range gone {
			few.Images[i].File = "gone"
		}
		return contactSheet(files, &few)
	}
	for _, c := range []struct {
		n     int
		gone  []int
		shown int
		note  string
	}{
		{3, nil, 3, ""}, {3, []int{1}, 2, "1 image is no longer there, or not as fetched."}, {3, []int{0, 1}, 1, "2 images are no longer there, or not as fetched."},
		{maxThumbnails, nil, maxThumbnails, ""}, {maxThumbnails + 1, nil, maxThumbnails, "The first 100 of 101 images. "},
		{maxThumbnails + 2, []int{5}, maxThumbnails, "The first 100 of 102 images. 1 image is no longer there, or not as fetched."},
		{maxThumbnails + 1, []int{5}, maxThumbnails, "1 image is no longer there, or not as fetched."},
	} {
		if s := sheetOf(c.n, c.gone...); len(s.Pictures) != c.shown || s.Note != c.note {
			t.Errorf("%+v: %d pictures, %q", c, len(s.Pictures), s.Note)
		}
	}
	one := sheetOf(1).Pictures[0]
	if one.Name != "0" || one.Width != 60 || one.Height != 90 || one.Description != fmt.Sprintf("image 0, 60 × 90 pixels, %s", bytesOf(run.Images[0].Bytes)) || !strings.HasPrefix(string(one.Source), "data:image/jpeg;base64,") {
		t.Errorf("%+v", one)
	}
	large := &report.Run{Images: []report.Image{{File: "none", Bytes: maxFileBytes + 1}, {File: "none", Bytes: maxFileBytes}}}
	if s := contactSheet(files, large); len(s.Pictures) != 1 || s.Pictures[0].Source != "" || !strings.HasPrefix(s.Note, "1 image is") {
		t.Errorf("%+v", s)
	}
}

// TestManyLabels takes the width of the tenth of the bars that is shorter than the others.
func TestManyLabels(t *testing.T) {
	for n, want := range map[int]float64{1: 0.1, 9: 0.1, 10: 0.2, 19: 0.2, 20: 0.3} {
		var images []report.Image
		for i := range n {
			images = append(images, report.Image{Index: i, Timing: downloader.Timing{Total: float64(min(i, 5) + 1)}})
		}
		if l := newLabels(images, linearScale(10)); l.usual != want || l.digits != len(fmt.Sprint(n-1)) {
			t.Errorf("%d bars: %+v, want %v", n, l, want)
		}
	}
}

// TestBarEdges marks parts and borders only where they are wide enough.
func TestBarEdges(t *testing.T) {
	for _, c := range []struct {
		total, setup, body float64
		height             float64
		want               string
	}{
		{0.5, 0, 0, 8, "apart"}, {0.5, 0, 0, 7.9, ""}, {0.0039, 0, 0, 8, ""}, {0.5, 0.0041, 0, 8, "apart 0%+0.41%"}, {0.5, 0.0039, 0, 8, "apart"},
		{0.5, 0, 0.0041, 8, "apart 49.59%+0.41%"}, {0.5, 0, 0.0039, 8, "apart"}, {0.5, 0.6, 0.7, 8, "apart 0%+50% 0%+50%"},
	} {
		var d drawing
		drawBar(&d, linearScale(1), labels{}, report.Image{Timing: downloader.Timing{TLS: c.setup, Body: c.body, Total: c.total}}, c.height, "x")
		got := ""
		if strings.Contains(d.b.String(), `class="bar x apart"`) {
			got = "apart"
		}
		for _, part := range strings.Split(d.b.String(), `<rect class="part" x="`)[1:] {
			var fields []string
			for i, field := range strings.Split(part, `"`) {
				if i == 0 || i == 4 {
					fields = append(fields, field)
				}
			}
			got += " " + strings.Join(fields, "+")
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c, got, c.want)
		}
	}
}

// TestWavesInAnyOrder finds the waves of images that are not in the order of their starts.
func TestWavesInAnyOrder(t *testing.T) {
	r := lockstep(6, 3, 1)
	slices.Reverse(r.Images)
	if got := waves(r); got != 2 {
		t.Errorf("%d waves", got)
	}
}

// TestDataErrors returns an error of data that cannot be written.
func TestDataErrors(t *testing.T) {
	e := reporttest.Rich(nil)
	e.Runs[0].Seconds = 0
	e.Comparison.Modes[0].Median = 1 / e.Runs[0].Seconds // JSON has no infinity
	if _, err := compressed([]report.Experiment{e}); err == nil {
		t.Error("an infinite figure is written")
	}
	if _, err := newView([]report.Experiment{e}, Options{}); err == nil {
		t.Error("a page with an infinite figure")
	}
}
