package web

import (
	"maps"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

const (
	viewTime   = 250 * time.Millisecond // a view is used again for so long
	maxFlights = 1024                   // more images in flight are only counted
)

// Run is a run of a list, as the page names it.
type Run struct {
	Name     string
	Mode     downloader.Mode
	Workers  int
	Counters *live.Counters
}

// state is what the page shows. Its lock is held to count one result, or to copy what views
// need. Nothing is encoded or sent under it, so that the run never waits for a reader.
type state struct {
	started time.Time

	mu        sync.Mutex
	run       *run // the last one that began; nil: none has begun
	ended     bool // no further run will begin
	past      *tally
	pastBytes int64 // received in the runs before
	results   results

	viewing sync.Mutex // makes views; it is taken before mu
	last    *view
}

func newState() *state { return &state{started: time.Now(), past: newTally()} }

// run is a run that the page shows. It is a [downloader.HostObserver].
type run struct {
	Run
	state    *state
	began    time.Time
	stopped  time.Time // zero: it goes on
	tally    *tally
	timeline timeline
	hosts    troubled
	pace     pace
}

// begin makes r the run that is shown.
func (s *state) begin(r Run) *run {
	now := time.Now()
	next := &run{Run: r, state: s, began: now, tally: newTally(), timeline: timeline{began: now}, hosts: troubled{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		s.past.merge(s.run.tally)
		s.pastBytes += s.run.Counters.Bytes.Load()
	}
	s.run = next
	next.sample(now)
	return next
}

// stop stops the clock of r.
func (r *run) stop() {
	r.state.mu.Lock()
	defer r.state.mu.Unlock()
	r.stopped = time.Now()
}

// end says that no further run will begin.
func (s *state) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

// add adds a run of a comparison that has ended.
func (s *state) add(f Finished) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results.add(f)
}

// tick takes a sample of the run's pace. It is called once a second.
func (s *state) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil && s.run.stopped.IsZero() {
		s.run.sample(time.Now())
	}
}

func (r *run) sample(now time.Time) {
	r.pace.add(sampleOf(r.Counters, now))
}

func sampleOf(c *live.Counters, now time.Time) sample {
	return sample{at: now, images: c.Done() - c.Canceled.Load(), bytes: c.Bytes.Load()}
}

// Observe counts a result.
func (r *run) Observe(result downloader.Result) {
	r.state.mu.Lock()
	defer r.state.mu.Unlock()
	r.tally.add(&result)
	if result.Attempts > 0 {
		end := result.Started.Add(seconds(result.Timing.Total))
		r.timeline.add(result.Worker, end.Add(-busyFor(&result)), end, result.Status == downloader.StatusFailed)
	}
}

// ObserveHost notes what has become of a host.
func (r *run) ObserveHost(e downloader.HostEvent) {
	r.state.mu.Lock()
	defer r.state.mu.Unlock()
	r.hosts.note(e)
}

// busyFor returns how long a worker was busy with an image until it ended. Between attempts an
// image may wait without a worker, so that only the phases count then.
func busyFor(r *downloader.Result) time.Duration {
	t := r.Timing
	if r.Attempts == 1 {
		return seconds(t.Total)
	}
	return seconds(min(t.Total, t.DNS+t.Connect+t.TLS+t.FirstByte+t.Body+t.Verify+t.Commit))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// view is the state at one moment. Nobody changes it.
type view struct {
	at      time.Time
	started time.Time
	ended   bool
	results []Contender
	all     *tally // of all runs
	bytes   int64  // in all runs

	// Of the last run; nil and zero if none has begun.
	run      *Run
	began    time.Time
	now      time.Time // the present, or when the run stopped
	over     bool
	tally    *tally
	lanes    []string
	pace     pace
	troubled troubled
	held     []downloader.HostState
	givenUp  int
	flights  []live.Flight
}

// view returns the present state, or one that is a moment old: however many readers there are,
// and however often they ask, the run is looked at a few times a second.
func (s *state) view() *view {
	s.viewing.Lock()
	defer s.viewing.Unlock()
	if s.last == nil || time.Since(s.last.at) >= viewTime {
		s.last = s.look()
	}
	return s.last
}

// final returns the state after the end.
func (s *state) final() *view {
	s.viewing.Lock()
	defer s.viewing.Unlock()
	if s.last == nil || !s.last.ended {
		s.last = s.look()
	}
	return s.last
}

// look makes a view.
func (s *state) look() *view {
	v, lanes := s.copied()
	if v.run == nil {
		return v
	}
	if c := v.run.Counters; !v.over {
		v.held, v.givenUp = c.Hosts()
		if c.InFlight.Load() <= maxFlights {
			v.flights = c.Flights()
		}
	}
	for _, f := range v.flights {
		lanes.add(f.Worker, v.now.Add(-f.Total), v.now, false)
	}
	lanes.advance(v.now)
	v.lanes = lanes.text(v.run.Workers)
	return v
}

// copied copies what is under the lock.
func (s *state) copied() (*view, *timeline) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := &view{
		at: time.Now(), started: s.started, ended: s.ended, results: s.results.list(), all: s.past.clone(), bytes: s.pastBytes,
	}
	r := s.run
	if r == nil {
		return v, nil
	}
	v.all.merge(r.tally)
	v.bytes += r.Counters.Bytes.Load()
	run := r.Run
	v.run, v.began, v.now, v.over = &run, r.began, r.stopped, !r.stopped.IsZero()
	if !v.over {
		v.now = v.at
	}
	v.tally, v.pace, v.troubled = r.tally.clone(), r.pace, maps.Clone(r.hosts)
	lanes := r.timeline
	return v, &lanes
}
