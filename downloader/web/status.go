package web

import (
	"cmp"
	"math"
	"slices"
	"time"

	"grab/downloader/internal/sanitize"
	"grab/downloader/live"
)

// About says what program and what command the page is of.
type About struct {
	Version string `json:"version"`
	Command string `json:"command"` // download or compare
}

// Status is the document at /api/status.
type Status struct {
	About
	State    string      `json:"state"` // starting, running or ended
	Run      string      `json:"run"`
	Mode     string      `json:"mode"`
	Workers  int         `json:"workers"`
	Started  time.Time   `json:"started"` // of the run
	Seconds  float64     `json:"seconds"` // since then
	Images   Images      `json:"images"`
	Bytes    int64       `json:"bytes"` // received in bodies, failed attempts included
	Rates    Rates       `json:"rates"`
	Hosts    Hosts       `json:"hosts"`
	Failures []Failure   `json:"failures"` // the most frequent first
	Latency  Latency     `json:"latency"`
	Flights  Flights     `json:"in_flight"`
	Timeline Timeline    `json:"timeline"`
	Results  []Contender `json:"results"` // of a comparison
}

// Images are counts of images.
type Images struct {
	Listed   int64 `json:"listed"` // 0: not known
	Done     int64 `json:"done"`
	OK       int64 `json:"ok"`
	Skipped  int64 `json:"skipped"`
	Failed   int64 `json:"failed"`
	Canceled int64 `json:"canceled"`
	InFlight int64 `json:"in_flight"`
}

// Rates are those of the last ten seconds, of a run that has ended those of all its time, and
// those of each second of the last minute.
type Rates struct {
	Images       float64   `json:"images_per_second"`
	Bytes        float64   `json:"bytes_per_second"`
	Left         *float64  `json:"seconds_left"` // nil: not known
	ImagesMinute []float64 `json:"images_by_second"`
	BytesMinute  []float64 `json:"bytes_by_second"`
}

// Hosts are the hosts that do not deliver as others do.
type Hosts struct {
	Held    int    `json:"held"`
	GivenUp int    `json:"given_up"`
	Waiting int    `json:"images_waiting"` // for hosts that are held
	List    []Host `json:"list"`           // the first, by images that wait
}

// Failure is a class of failures with its last example.
type Failure struct {
	Class string `json:"class"`
	Count uint64 `json:"count"`
	Line  int    `json:"line"`
	URL   string `json:"url"`
	Error string `json:"error"`
}

// Latency has the durations of the images that are ok.
type Latency struct {
	Total     Quantiles `json:"total"`      // from a worker to the image's place
	FirstByte Quantiles `json:"first_byte"` // from the connection to the response's first byte
	Buckets   []Bucket  `json:"buckets"`    // of total
}

// Quantiles are durations in seconds.
type Quantiles struct {
	Count uint64  `json:"count"`
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

// Bucket counts durations up to a time, and above that of the bucket before.
type Bucket struct {
	UpTo  float64 `json:"up_to_seconds"` // 0: no end
	Count uint64  `json:"count"`
}

// Flights are the images that workers have.
type Flights struct {
	Phases  []Phase  `json:"phases"`
	Longest []Flight `json:"longest"` // the first to be begun
}

// Phase counts the images of which the same is done.
type Phase struct {
	Name  string `json:"phase"`
	Count int    `json:"count"`
}

// Flight is an image that a worker has.
type Flight struct {
	Worker int     `json:"worker"`
	Line   int     `json:"line"`
	URL    string  `json:"url"`
	Phase  string  `json:"phase"`
	For    float64 `json:"phase_seconds"`
	Total  float64 `json:"seconds"`
}

// Timeline is what the first workers did in the last minute.
type Timeline struct {
	Slot  float64  `json:"slot_seconds"`
	Lanes []string `json:"lanes"` // a worker each, a character for a slot; see docs/CLI.md
}

// longestShown is how many images in flight are listed.
const longestShown = 8

// describe returns the document of a view.
func describe(v *view, about About) Status {
	s := Status{
		About: about, State: "starting", Started: v.started, Seconds: round(v.at.Sub(v.started).Seconds()),
		Rates: Rates{ImagesMinute: []float64{}, BytesMinute: []float64{}}, Hosts: Hosts{List: []Host{}}, Failures: []Failure{},
		Latency: Latency{Buckets: []Bucket{}}, Flights: Flights{Phases: []Phase{}, Longest: []Flight{}},
		Timeline: Timeline{Slot: slotTime.Seconds(), Lanes: []string{}}, Results: v.results,
	}
	if v.run != nil {
		s.State = "running"
		describeRun(&s, v)
	}
	if v.ended {
		s.State = "ended"
	}
	return s
}

func describeRun(s *Status, v *view) {
	c := v.run.Counters
	s.Run, s.Mode, s.Workers = v.run.Name, string(v.run.Mode), v.run.Workers
	s.Started, s.Seconds = v.began, round(v.now.Sub(v.began).Seconds())
	s.Images = Images{
		Listed: c.Total.Load(), OK: c.OK.Load(), Skipped: c.Skipped.Load(), Failed: c.Failed.Load(),
		Canceled: c.Canceled.Load(), InFlight: c.InFlight.Load(),
	}
	s.Images.Done = s.Images.OK + s.Images.Skipped + s.Images.Failed + s.Images.Canceled
	s.Bytes = c.Bytes.Load()
	s.Hosts = Hosts{Held: len(v.held), GivenUp: v.givenUp}
	for _, h := range v.held {
		s.Hosts.Waiting += h.Images
	}
	s.Hosts.List = hostList(v.held, v.troubled)
	for i := range s.Hosts.List {
		h := &s.Hosts.List[i]
		h.Host, h.Reason, h.Next = sanitize.Text(h.Host, sanitize.MaxURL), sanitize.Text(h.Reason, sanitize.MaxError), round(h.Next)
	}
	s.Rates = ratesOf(v, &s.Images, s.Hosts.Waiting)
	s.Failures = failuresOf(v.tally)
	s.Latency = Latency{Total: quantiles(&v.tally.total), FirstByte: quantiles(&v.tally.first), Buckets: bucketsOf(&v.tally.total)}
	s.Flights = flightsOf(v)
	s.Timeline.Lanes = v.lanes
}

// ratesOf returns the rates and the time left at the present one. It says nothing of the time
// left if most images wait for hosts that do not answer: nobody knows when these come.
func ratesOf(v *view, n *Images, waiting int) Rates {
	var r Rates
	r.ImagesMinute, r.BytesMinute = v.pace.history()
	for i := range r.ImagesMinute {
		r.ImagesMinute[i], r.BytesMinute[i] = round(r.ImagesMinute[i]), math.Round(r.BytesMinute[i])
	}
	r.Images, r.Bytes = v.pace.rates(sample{at: v.now, images: n.Done - n.Canceled, bytes: v.run.Counters.Bytes.Load()})
	if took := v.now.Sub(v.began).Seconds(); v.over && took > 0 { // there are no last seconds any more
		r.Images, r.Bytes = float64(n.Done-n.Canceled)/took, float64(v.run.Counters.Bytes.Load())/took
	}
	left := n.Listed - n.Done
	if n.Listed > 0 && left >= 0 && r.Images > 0 && n.Canceled == 0 && 2*int64(waiting) <= left && !v.over {
		seconds := math.Round(float64(left) / r.Images)
		r.Left = &seconds
	}
	r.Images, r.Bytes = round(r.Images), math.Round(r.Bytes)
	return r
}

func failuresOf(t *tally) []Failure {
	list := []Failure{}
	for class, of := range t.failures {
		item := of.last.Public()
		list = append(list, Failure{
			Class: string(class), Count: of.count, Line: item.Line,
			URL: sanitize.Text(item.URL, sanitize.MaxURL), Error: sanitize.Text(of.text, sanitize.MaxError),
		})
	}
	slices.SortFunc(list, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Class, b.Class))
	})
	return list
}

func quantiles(h *histogram) Quantiles {
	q := Quantiles{
		Count: h.count, P50: round(h.quantile(.5)), P90: round(h.quantile(.9)), P99: round(h.quantile(.99)), Max: round(h.longest),
	}
	if h.count > 0 {
		q.Mean = round(h.sum / float64(h.count))
	}
	return q
}

// bucketsOf returns the octaves from the first to the last that have durations.
func bucketsOf(h *histogram) []Bucket {
	list, rest := []Bucket{}, h.count
	for _, o := range h.byOctave() {
		if rest > 0 && (o.count > 0 || len(list) > 0) {
			list = append(list, Bucket{UpTo: o.upTo, Count: o.count})
		}
		rest -= o.count
	}
	if rest > 0 {
		list = append(list, Bucket{Count: rest})
	}
	return list
}

func flightsOf(v *view) Flights {
	f := Flights{Phases: []Phase{}, Longest: []Flight{}}
	counts := map[string]int{}
	for _, one := range v.flights {
		counts[one.Phase]++
	}
	for name, count := range counts {
		f.Phases = append(f.Phases, Phase{name, count})
	}
	slices.SortFunc(f.Phases, func(a, b Phase) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	longest := slices.Clone(v.flights)
	slices.SortFunc(longest, func(a, b live.Flight) int { return cmp.Compare(b.Total, a.Total) })
	for _, one := range longest[:min(len(longest), longestShown)] {
		f.Longest = append(f.Longest, Flight{
			Worker: one.Worker, Line: one.Line, URL: sanitize.Text(one.Item.Public().URL, sanitize.MaxURL),
			Phase: one.Phase, For: round(one.For.Seconds()), Total: round(one.Total.Seconds()),
		})
	}
	return f
}

// round rounds seconds to tenths of a millisecond: more digits would say nothing.
func round(seconds float64) float64 { return math.Round(seconds*1e4) / 1e4 }
