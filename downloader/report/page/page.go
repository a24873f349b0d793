// Package page writes experiments as a web page: a single file that loads nothing from elsewhere
// and needs no JavaScript.
package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"slices"
	"strings"

	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

//go:embed page.html style.css
var files embed.FS

// Options are what a page shows in addition to the experiments.
type Options struct {
	// Folder returns the folder with the images of a run, as the run left them. If Folder or its
	// result is nil, the page shows no images.
	Folder func(*report.Run) fs.FS
	// Changes are set if two saved files are compared. The first Before experiments are from the
	// first file.
	Changes []report.Changes
	Before  int
}

// Write writes the page.
func Write(w io.Writer, experiments []report.Experiment, opts Options) error {
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"duration": duration, "percent": percent, "bytes": bytesOf, "digits": digits, "terms": terms, "speedup": speedup, "count": format.Count,
	}).ParseFS(files, "page.html")
	if err != nil {
		return err
	}
	style, err := files.ReadFile("style.css")
	if err != nil {
		return err
	}
	v, err := newView(experiments, opts)
	if err != nil {
		return err
	}
	v.Style = template.CSS(style)
	return t.Execute(w, v)
}

// view is the data of the template.
type view struct {
	Title    string
	Headline string
	Style    template.CSS
	Sweep    []chart // if there is one
	Sections []section
	Changes  []report.Changes
	Data     []summary // for programs that read the page
	Raw      rawData
}

// section is one experiment.
type section struct {
	*report.Experiment
	ID       string
	Heading  string
	Several  bool // one of several, so its conclusion is not the page's headline
	Charts   []chart
	Lanes    []lane
	LaneNote string
	Sheet    sheet
	Failed   []report.Figures
}

// chart is a drawing with its heading and an explanation.
type chart struct {
	Heading string
	Picture template.HTML
	Keys    []key
	Note    string
}

// summary is an experiment without its runs.
type summary struct {
	Conditions report.Conditions `json:"conditions"`
	Comparison report.Comparison `json:"comparison"`
}

func newView(experiments []report.Experiment, opts Options) (*view, error) {
	v := &view{Changes: opts.Changes}
	contenders, shown := 0, false
	for i := range experiments {
		contenders += len(experiments[i].Comparison.Modes)
	}
	bars := min(maxImages, max(20, maxPageImages/max(1, contenders)))
	for i := range experiments {
		e := &experiments[i]
		s := newSection(e, bars, opts)
		s.ID, s.Several, s.Heading = fmt.Sprintf("experiment-%d", i+1), len(experiments) > 1, opts.heading(e, i)
		if shown {
			s.Sheet = sheet{} // one sheet on the page is enough
		}
		shown = shown || len(s.Sheet.Pictures) > 0
		v.Sections = append(v.Sections, s)
		v.Data = append(v.Data, summary{e.Conditions, e.Comparison})
	}
	v.Headline, v.Sweep = headline(experiments, opts.Changes)
	v.Title = "grab compare: " + v.Headline
	var err error
	v.Raw, err = newRawData(experiments)
	return v, err
}

// headline returns the page's headline and, for a sweep, charts over its points.
func headline(experiments []report.Experiment, changes []report.Changes) (string, []chart) {
	if len(experiments) == 1 {
		return experiments[0].Comparison.Conclusion, nil
	}
	if len(changes) > 0 {
		return "Two saved comparisons, side by side", nil
	}
	swept, _, ok := strings.Cut(experiments[0].Conditions.Sweep, "=")
	if !ok {
		return fmt.Sprintf("%d comparisons", len(experiments)), nil
	}
	times, keys := drawSweep(experiments, "Times over "+swept, func(f *report.Figures) float64 { return f.Median }, tick)
	charts := []chart{{Heading: "Median time", Picture: times, Keys: keys}}
	if slices.ContainsFunc(experiments, func(e report.Experiment) bool {
		return slices.ContainsFunc(e.Comparison.Modes, func(f report.Figures) bool { return f.Speedup > 0 })
	}) {
		ups, keys := drawSweep(experiments, "Speed-up over "+swept, func(f *report.Figures) float64 { return f.Speedup }, speedup)
		charts = append(charts, chart{Heading: "Speed-up over sequential", Picture: ups, Keys: keys})
	}
	return fmt.Sprintf("A sweep over %s, %d comparisons", swept, len(experiments)), charts
}

// heading returns the heading of one of several experiments.
func (o *Options) heading(e *report.Experiment, i int) string {
	if len(o.Changes) == 0 {
		return heading(e, i)
	}
	file := "Before"
	if i >= o.Before {
		file, i = "After", i-o.Before
	}
	if len(o.Changes) == 1 {
		return file
	}
	return file + ": " + heading(e, i)
}

func heading(e *report.Experiment, i int) string {
	switch {
	case e.Conditions.Sweep != "":
		return e.Conditions.Sweep
	case e.Conditions.Preset != "":
		return "Preset " + e.Conditions.Preset
	default:
		return fmt.Sprintf("Comparison %d", i+1)
	}
}

func newSection(e *report.Experiment, bars int, opts Options) section {
	s := section{Experiment: e}
	for _, f := range e.Comparison.Modes {
		if f.Error != "" {
			s.Failed = append(s.Failed, f)
		}
	}
	s.Charts = charts(e)
	s.Lanes = drawTimelines(e, bars)
	if opts.Folder == nil {
		return s
	}
	for i := range e.Comparison.Modes {
		run := e.Representative(&e.Comparison.Modes[i])
		if run == nil {
			continue
		}
		if folder := opts.Folder(run); folder != nil && len(run.Images) > 0 {
			s.Sheet = contactSheet(folder, run)
			break
		}
	}
	return s
}

// charts draws the charts that compare contenders. There are none unless the comparison is ranked.
func charts(e *report.Experiment) []chart {
	c := &e.Comparison
	if !c.Ranked {
		return nil
	}
	times := chart{Heading: "Times", Picture: drawTimes(c.Modes), Note: "The vertical line is the median, ▲ the ideal: the images’ own times on that many workers, without any overhead."}
	all := []chart{times}
	if c.Rounds > 1 { // one round has no spread
		all[0].Heading = "Times and their spread"
		all = append(all, chart{Heading: "Deviation of the rounds from their median", Picture: drawSpread(c.Modes), Note: timesNote(c)})
	}
	if picture, keys := drawScaling(c); picture != "" {
		all = append(all, chart{Heading: "Images a second by number of workers", Picture: picture, Keys: keys,
			Note: "Both axes are logarithmic: twice the workers and twice the images a second is a straight line."})
	}
	timed := slices.DeleteFunc(slices.Clone(c.Modes), func(f report.Figures) bool { return !f.Timed() })
	latencies, keys := drawLatencies(e, timed)
	all = append(all, chart{Heading: "Times of single images", Picture: latencies, Keys: keys,
		Note: "The share of images (vertical) that took at most that long (horizontal). All rounds together."})
	parts, keys := drawPhases(timed)
	return append(all,
		chart{Heading: "Where an image’s time goes", Picture: parts, Keys: keys, Note: "Means over all images of all rounds."},
		chart{Heading: "CPU time", Picture: drawCPU(c.Modes), Note: "Of grab and, paler, its children; median of the rounds."},
		chart{Heading: "Peak memory", Picture: drawMemory(c.Modes), Note: "Summed over grab and its children; median of the rounds."})
}

func timesNote(c *report.Comparison) string {
	note := "A dot is a round."
	f := c.Modes[0]
	if f.Confidence > 0 {
		note += fmt.Sprintf(" The pale band is the median’s %.0f %% confidence interval.", 100*f.Confidence)
	} else {
		note += " There are too few rounds for a confidence interval."
	}
	if len(f.Seconds) > maxDots {
		note += fmt.Sprintf(" It shows %d of %d rounds, evenly spread from the fastest to the slowest.", maxDots, len(f.Seconds))
	}
	return note
}

// speedup formats a speed-up, or a dash if there is none.
func speedup(v float64) string {
	if v <= 0 {
		return "–"
	}
	return digits(v) + "×"
}
