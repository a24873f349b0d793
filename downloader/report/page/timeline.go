package page

import (
	"fmt"
	"html/template"

	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// Limits of what is drawn image by image. Beyond them a page would be too large, and too dense to
// read.
const (
	maxImages     = 400  // of one contender
	maxPageImages = 2000 // of all contenders of a page
	maxWorkers    = 128
	timeSlices    = 200 // of the time axis, where images are counted instead of drawn
)

// lane is the timeline of one contender.
type lane struct {
	Name    string
	Failed  bool
	Note    string // explains the picture
	Picture template.HTML
}

// drawTimelines draws which worker had which image when, on the same time axis for all contenders.
// A contender with more than limit images is drawn as a curve.
func drawTimelines(e *report.Experiment, limit int) []lane {
	s := linearScale(e.Span())
	var lanes []lane
	for i := range e.Comparison.Modes {
		f := &e.Comparison.Modes[i]
		run := e.Representative(f)
		if run == nil {
			lanes = append(lanes, lane{Name: f.Name(), Note: "did not run"})
			continue
		}
		if !run.Timed() {
			lanes = append(lanes, lane{Name: f.Name(), Failed: f.Error != "", Note: "another program: when it had which image is not known"})
			continue
		}
		l := lane{Name: f.Name(), Failed: f.Error != ""}
		workers := run.Rows()
		if len(run.Images) <= limit && workers <= maxWorkers {
			l.Picture, l.Note = drawBars(run, workers, s, f.Name())
		} else {
			l.Picture, l.Note = drawInFlight(run, s, f.Name())
		}
		if l.Failed {
			l.Note = fmt.Sprintf("it fetched %d of %d images; %s", run.OK, e.Comparison.Images, l.Note)
		}
		lanes = append(lanes, l)
	}
	return lanes
}

// drawBars draws each image as a bar in the row of its worker.
func drawBars(run *report.Run, workers int, s scale, name string) (template.HTML, string) {
	height := min(24, max(3, 300/float64(max(1, workers))))
	d, bottom := &drawing{}, height*float64(workers)
	d.axis(s, 0, bottom)
	for worker := range workers {
		if height >= 11 || worker%10 == 0 {
			d.text("worker end", point{0, height*float64(worker) + height/2 + 4}, fmt.Sprint(worker+1))
		}
	}
	l := newLabels(run.Images, s)
	for _, image := range run.Images {
		if image.Worker < 0 {
			continue
		}
		drawBar(d, s, l, image, height, modeClass(run.Mode))
	}
	description := fmt.Sprintf("%s on %s", format.Count(len(run.Images), "image"), format.Count(workers, "worker"))
	if run.Error == "" { // a failed run has no time
		description += " in " + duration(run.Seconds)
	}
	note := fmt.Sprintf("round %d", run.Round+1)
	if n := waves(run); n > 1 && workers > 1 {
		note = fmt.Sprintf("%d waves of %d; %s", n, workers, note)
	}
	return d.svg(bottom+axisHeight, "Timeline of "+name, description), note
}

// drawBar draws one image. If wide enough, the part before the request was sent and the part that
// read the body are marked.
func drawBar(d *drawing, s scale, l labels, image report.Image, height float64, class string) {
	from, to := s.at(image.Start), s.at(image.Start+image.Timing.Total)
	top, tall := height*float64(image.Worker), height-min(2, height/4)
	if to-from > 0.004 && height >= 8 { // a low bar would have nothing left between its borders
		class += " apart"
	}
	t := image.Timing
	d.rect("bar "+class, point{from, top}, to-from, tall,
		fmt.Sprintf("image %d: worker %d, %s to %s, %s in all", image.Index, image.Worker+1, duration(image.Start), duration(image.Start+t.Total), duration(t.Total)))
	width := s.at(1) - s.at(0)
	if setup := (t.DNS + t.Connect + t.TLS) * width; setup > 0.004 {
		d.rect("part", point{from, top}, min(setup, to-from), tall, "")
	}
	if body := min(t.Body*width, to-from); body > 0.004 {
		d.rect("part", point{to - body, top}, body, tall, "")
	}
	if fits, ok := l.class(image, to-from); ok && height >= 14 {
		d.text("inside middle "+fits, point{(from + to) / 2, top + height/2 + 3}, fmt.Sprint(image.Index))
	}
}

// drawInFlight draws the average number of images in flight in each slice of the time.
func drawInFlight(run *report.Run, s scale, name string) (template.HTML, string) {
	const height = 90.0
	slice := s.high / timeSlices
	flights, most := inFlight(run, slice)
	d := &drawing{}
	d.axis(s, 0, height)
	var points []point
	for i, n := range flights {
		y := height * (1 - n/max(1, most))
		points = append(points, point{float64(i) / timeSlices, y}, point{float64(i+1) / timeSlices, y})
	}
	d.curve("area "+modeClass(run.Mode), height, points)
	d.text("worker end", point{0, 10}, digits(most))
	d.text("worker end", point{0, height}, "0")
	note := fmt.Sprintf("round %d: too many images to draw one by one (%s, %s); the curve is the average number in flight in each %s",
		run.Round+1, format.Count(len(run.Images), "image"), format.Count(run.Rows(), "worker"), duration(slice))
	return d.svg(height+axisHeight, "Images in flight, "+name, note), note
}

// inFlight returns the average number of images in flight in each slice of that many seconds, and
// the largest of these averages.
func inFlight(run *report.Run, slice float64) (flights []float64, most float64) {
	flights = make([]float64, timeSlices)
	for _, image := range run.Images {
		from, to := image.Start, image.Start+image.Timing.Total
		for i := max(0, int(from/slice)); i < timeSlices && float64(i)*slice < to; i++ {
			begin, end := float64(i)*slice, float64(i+1)*slice
			flights[i] += max(0, min(to, end)-max(from, begin)) / slice
		}
	}
	for _, n := range flights {
		most = max(most, n)
	}
	return flights, most
}
