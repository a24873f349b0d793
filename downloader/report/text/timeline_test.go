package text

import (
	"io"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

func TestTimeline(t *testing.T) {
	e := reporttest.Experiment(nil)
	want := `
When each worker had which image; a column is 0.14 s

  sequential
     1 |[=====0=====][=====1=====][====2=====][=====3=====][=====4=====]|
  pool n=3
     1 |[=====0=====][=====3=====]                                      |
     2 |[=====1=====][=====4=====]                                      |
     3 |[=====2=====]                                                   |
  process n=3
     1 |[=====0=====][=====3=====]                                      |
     2 |[=====1=====][=====4=====]                                      |
     3 |[=====2=====]                                                   |
       0                                                           9.25 s
`
	if got := reporttest.Written(t, func(b io.Writer) error { return WriteTimeline(b, &e) }); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	e = reporttest.Broken()
	if got := reporttest.Written(t, func(b io.Writer) error { return WriteTimeline(b, &e) }); !strings.Contains(got, "  process n=3: nothing was fetched\n") {
		t.Errorf("a mode that failed:\n%s", got)
	}
}

// If images are narrower than a column, the timeline shows how busy the workers were. If there are
// too many workers, it says how many it leaves out.
func TestTimelineCrowded(t *testing.T) {
	e := report.Experiment{Conditions: report.Conditions{Rounds: 1, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{20}}}
	r := report.Run{Mode: downloader.Pool, Workers: 20, Total: 4000, OK: 4000, Seconds: 10}
	for i := range 4000 {
		length := 0.05
		if i%20 == 1 {
			length = 0.025 // the second worker is idle half of the time
		}
		r.Images = append(r.Images, report.Image{Index: i, Worker: i % 20, Start: float64(i/20) * 0.05, SHA256: "x", Timing: downloader.Timing{Total: length}})
	}
	e.Runs = []report.Run{r}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	got := reporttest.Written(t, func(b io.Writer) error { return WriteTimeline(b, &e) })
	for _, want := range []string{"     1 |" + strings.Repeat("#", 64) + "|\n", "     2 |" + strings.Repeat("+", 64) + "|\n", "and 12 more workers", "# busy"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestTimelineOfManyWorkers leaves out workers only if that saves lines.
func TestTimelineOfManyWorkers(t *testing.T) {
	for workers, want := range map[int]string{
		timelineWorkers: "", timelineWorkers + 2: "", timelineWorkers + 3: "       and 3 more workers\n",
	} {
		e := report.Experiment{Conditions: report.Conditions{Rounds: 1, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{workers}}}
		r := report.Run{Mode: downloader.Pool, Workers: workers, Total: workers, OK: workers, Seconds: 1}
		for i := range workers {
			r.Images = append(r.Images, report.Image{Index: i, Worker: i, SHA256: "x", Timing: downloader.Timing{Total: 1}})
		}
		e.Runs = []report.Run{r}
		e.Comparison = report.Compare(e.Conditions, e.Runs)
		got := reporttest.Written(t, func(b io.Writer) error { return WriteTimeline(b, &e) })
		shown := strings.Count(got, " |")
		if !strings.Contains(got, want) || strings.Contains(got, "more workers") != (want != "") || want == "" && shown != workers || want != "" && shown != timelineWorkers {
			t.Errorf("%d workers:\n%s", workers, got)
		}
	}
}
