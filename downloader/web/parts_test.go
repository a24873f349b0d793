package web

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
)

// A histogram knows quantiles to a bucket, which is 9 %, and never says more than the longest.
func TestHistogram(t *testing.T) {
	var h, half histogram
	var all []float64
	if h.quantile(.5) != 0 || len(bucketsOf(&h)) != 0 {
		t.Error("an empty histogram has durations")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 10_000 {
		seconds := math.Exp(rng.NormFloat64()*2 - 3)
		all = append(all, seconds)
		if i%2 == 0 {
			h.add(seconds)
		} else {
			half.add(seconds)
		}
	}
	h.merge(&half)
	slices.Sort(all)
	for _, q := range []float64{.001, .5, .9, .99, .999, 1} {
		want := all[int(math.Ceil(q*10_000))-1]
		if got := h.quantile(q); got < want || got > max(want*1.1, shortest) {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
	sum := uint64(0)
	for _, b := range bucketsOf(&h) {
		sum += b.Count
	}
	if sum != 10_000 || h.count != 10_000 || h.longest != all[9999] {
		t.Errorf("%d in buckets, %d in all, the longest %v", sum, h.count, h.longest)
	}
}

// Every duration has a bucket, whose end it does not exceed, except in the last one.
func TestHistogramEnds(t *testing.T) {
	for _, seconds := range []float64{-1, 0, 1e-9, shortest, 2 * shortest, .5, 419, 420, 1e9, math.Inf(1)} {
		var h histogram
		h.add(seconds)
		n := slices.Index(h.counts[:], 1)
		if n < 0 || n < buckets-1 && seconds > upper(n)*1.000001 || h.quantile(1) != max(seconds, 0) {
			t.Errorf("%v: bucket %d, quantile %v", seconds, n, h.quantile(1))
		}
	}
}

// cut returns a row of the timeline without the idle slots at its beginning.
func cut(row string) string { return strings.TrimLeft(row, ".") }

func TestTimeline(t *testing.T) {
	began := time.Now()
	at := func(seconds float64) time.Time { return began.Add(time.Duration(seconds * float64(time.Second))) }
	l := timeline{began: began}
	l.add(0, at(0), at(2), false)
	l.add(0, at(2.25), at(2.3), true)
	l.add(1, at(-5), at(.25), false)
	l.add(1, at(.3), at(.4), false)
	l.add(2, at(1), at(1.05), false)
	l.add(3, at(2), at(1), false)           // the wrong way round
	l.add(maxLanes, at(1), at(2), false)    // no lane
	l.add(-1, at(1), at(2), false)          // no worker
	l.add(3, at(-9), at(-8), false)         // before the run
	l.add(4, at(.5), at(.5), true)          // at once
	l.add(5, at(0), at(0.5000001), false)   // a bit more than a slot
	l.add(5, at(0.1), at(0.5000001), false) // by another attempt at the same time
	l.add(6, at(0), at(1.2), true)          // fails at its end, and another is ok then
	l.add(6, at(1.2), at(1.4), false)
	want := []string{"9999!", "7....", "1..", "", "!...", "9....", "99!.."}
	for i, row := range l.text(len(want)) {
		if len(row) != slots || cut(row) != want[i] {
			t.Errorf("lane %d: %q, want %q at the end", i, row, want[i])
		}
	}
	l.advance(at(59.9))
	if row := l.text(1)[0]; row[:6] != "9999!." {
		t.Errorf("a minute later: %q", row)
	}
	l.advance(at(61))
	if row := l.text(1)[0]; row[:3] != "9!." || l.text(2)[1] != strings.Repeat(".", slots) {
		t.Errorf("then: %q", l.text(2))
	}
	l.add(0, at(0), at(3600), false) // an hour
	if row := l.text(1)[0]; row != strings.Repeat("9", slots-1)+"." {
		t.Errorf("a long image: %q", row)
	}
	if rows := len(l.text(1000)); rows != maxLanes {
		t.Errorf("%d lanes", rows)
	}
}

func TestPace(t *testing.T) {
	began := time.Now()
	var p pace
	take := func(second int) sample {
		return sample{at: began.Add(time.Duration(second) * time.Second), images: int64(2 * second), bytes: int64(100 * second)}
	}
	if images, bytes := p.rates(take(0)); images != 0 || bytes != 0 {
		t.Errorf("before the first sample: %v, %v", images, bytes)
	}
	for second := range 200 {
		p.add(take(second))
		images, bytes := p.history()
		if want := min(second, 60); len(images) != want || len(bytes) != want {
			t.Fatalf("after %d s: history of %d and %d", second, len(images), len(bytes))
		}
		for i := range images {
			if images[i] != 2 || bytes[i] != 100 {
				t.Fatalf("after %d s: %v, %v", second, images, bytes)
			}
		}
		if images, bytes := p.rates(take(second + 1)); images != 2 || bytes != 100 {
			t.Errorf("after %d s: %v, %v", second, images, bytes)
		}
	}
	for second := range recent {
		p.add(sample{at: began.Add(time.Duration(200+second) * time.Second), images: 398})
	}
	if images, _ := p.rates(sample{at: began.Add(210 * time.Second), images: 398}); images != 0 {
		t.Errorf("after ten seconds without an image: %v", images)
	}
}

func TestHostList(t *testing.T) {
	events := troubled{}
	event := func(host string, change downloader.HostChange, images int) {
		events.note(downloader.HostEvent{Host: host, Change: change, Class: downloader.ClassHTTP5xx, Reason: "503", Images: images, Limit: 2, Wait: time.Second})
	}
	event("a", downloader.HostSlower, 1)
	event("b", downloader.HostGivenUp, 50)
	event("c", downloader.HostSlower, 7)
	event("c", downloader.HostBack, 0)
	event("d", downloader.HostRetry, 1)
	event("d", downloader.HostHeld, 1)
	held := []downloader.HostState{{Host: "a", Images: 3, Failures: 4, Next: 2 * time.Second}, {Host: "e", Images: 60}}
	var got []string
	for _, h := range hostList(held, events) {
		got = append(got, fmt.Sprint(h.Host, h.State, h.Images, h.Limit, h.Next))
	}
	if want := []string{"eheld60 0 0", "bgiven-up50 2 1", "aheld3 2 2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range 2 * maxTroubled {
		event(fmt.Sprint("x", i), downloader.HostGivenUp, i)
	}
	if list := hostList(held, events); len(events) != maxTroubled || len(list) != maxShown || list[0].Images < 900 {
		t.Errorf("%d kept, %d shown, the first with %d images", len(events), len(list), list[0].Images)
	}
}

func TestResults(t *testing.T) {
	var r results
	r.add(Finished{Name: "pool n=3", Mode: "pool", Rounds: 6, Seconds: 9})
	for i, seconds := range []float64{3, 1, 2, 8} {
		r.add(Finished{Name: "pool n=3", Mode: "pool", Rounds: 6, Round: i + 1, Seconds: seconds})
	}
	r.add(Finished{Name: "process n=3", Mode: "process", Rounds: 6, Round: 1, Seconds: 5, Error: "broken"})
	got := fmt.Sprintf("%+v", r.list())
	want := "[{Name:pool n=3 Mode:pool Done:4 Rounds:6 Median:2.5 Least:1 Most:8 Error: seconds:[]} {Name:process n=3 Mode:process Done:0 Rounds:6 Median:0 Least:0 Most:0 Error:broken seconds:[]}]"
	if got != want {
		t.Errorf("%s", got)
	}
}
