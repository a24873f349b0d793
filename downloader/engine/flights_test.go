package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/live"
)

// TestFlights checks what Flights returns of each image in flight: the image, without
// its password, its phase, and the times. After the run it returns none.
func TestFlights(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		g := startGate(t)
		counters := &live.Counters{}
		began := time.Now()
		host := strings.TrimPrefix(g.URL, "http://")
		urls := []string{"http://name:secret@" + host + "/0\u202e", g.URL + "/1", g.URL + "/2", g.URL + "/3", g.URL + "/4"}
		ended := make(chan outcome)
		go func() { ended <- runIn(t.Context(), t, opts, Deps{Counters: counters}, lines(urls...)) }()
		g.wait(opts.Workers)
		var got []live.Flight
		poll := time.NewTicker(time.Millisecond) // a child tells what it is at ten times a second
		defer poll.Stop()
		for waiting := true; waiting; {
			<-poll.C
			got = counters.Flights()
			waiting = slices.ContainsFunc(got, func(f live.Flight) bool { return f.Phase != "read body" }) &&
				time.Since(began) < time.Minute
		}
		if len(got) != opts.Workers {
			t.Errorf("%d in flight, want %d", len(got), opts.Workers)
		}
		workers := map[int]bool{}
		for i, f := range got {
			workers[f.Worker] = true
			said := f.String()
			if f.Index != i || f.Line != i+1 || f.For <= 0 || f.Total < f.For || f.Total > time.Since(began) {
				t.Errorf("%d: %+v", i, f)
			}
			if !strings.HasPrefix(said, "line ") || !strings.Contains(said, ": read body for ") ||
				strings.Contains(said, "secret") || strings.Contains(said, "\u202e") {
				t.Errorf("%d: %s", i, said)
			}
		}
		for n := range opts.Workers {
			if !workers[n] {
				t.Errorf("worker %d has no image", n)
			}
		}
		close(g.open)
		if o := <-ended; o.err != nil || o.summary.OK != len(urls) {
			t.Errorf("%v, %+v", o.err, o.summary)
		}
		if left := counters.Flights(); len(left) > 0 {
			t.Errorf("after the run: %v", left)
		}
	})
}
