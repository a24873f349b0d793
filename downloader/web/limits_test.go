package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// TestRates has runs on both sides of each limit: what they fetched a second, and what is left.
func TestRates(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		name    string
		n       Images
		waiting int
		over    bool
		after   time.Duration // since the run began; the only sample is from then
		want    string        // images and bytes a second, seconds left
	}{
		{"begun", Images{Listed: 10}, 0, false, 0, "0 0 -"},
		{"too early", Images{Listed: 10, Done: 1}, 0, false, 499 * time.Millisecond, "0 0 -"},
		{"half a second", Images{Listed: 11, Done: 1}, 0, false, 500 * time.Millisecond, "2 246914 5"},
		{"under way", Images{Listed: 10, Done: 4}, 0, false, 2 * time.Second, "2 61729 3"},
		{"odd", Images{Listed: 10, Done: 1}, 0, false, 3 * time.Second, "0.3333 41152 27"},
		{"all done", Images{Listed: 4, Done: 4}, 0, false, 2 * time.Second, "2 61729 0"},
		{"more than listed", Images{Listed: 4, Done: 5}, 0, false, 2 * time.Second, "2.5 61729 -"},
		{"one listed", Images{Listed: 1, Done: 1}, 0, false, 2 * time.Second, "0.5 61729 0"},
		{"not counted yet", Images{Done: 0}, 0, false, 2 * time.Second, "0 61729 -"},
		{"nothing done", Images{Listed: 9}, 0, false, 2 * time.Second, "0 61729 -"},
		{"canceled", Images{Listed: 10, Done: 4, Canceled: 1}, 0, false, 2 * time.Second, "1.5 61729 -"},
		{"half of them wait", Images{Listed: 10, Done: 4}, 3, false, 2 * time.Second, "2 61729 3"},
		{"most of them wait", Images{Listed: 10, Done: 4}, 4, false, 2 * time.Second, "2 61729 -"},
		{"slow", Images{Listed: 10, Done: 1}, 0, false, 4 * time.Second, "0.25 30864 36"},
		{"over", Images{Listed: 10, Done: 5, Canceled: 1}, 0, true, 20 * time.Second, "0.2 6173 -"},
		{"over at once", Images{Listed: 1, Done: 1}, 0, true, 0, "0 0 -"},
		{"over soon", Images{Listed: 1, Done: 1}, 0, true, 250 * time.Millisecond, "4 493828 -"},
	} {
		counters := &live.Counters{}
		v := &view{run: &Run{Counters: counters}, began: began, now: began.Add(c.after), over: c.over}
		v.pace.add(sample{at: began})
		counters.Bytes.Store(123_457)
		r := ratesOf(v, &c.n, c.waiting)
		left := "-"
		if r.Left != nil {
			left = fmt.Sprint(*r.Left)
		}
		if got := fmt.Sprintf("%v %.0f %s", r.Images, r.Bytes, left); got != c.want || r.Bytes != math.Round(r.Bytes) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	v := &view{run: &Run{Counters: &live.Counters{}}, began: began, now: began.Add(9 * time.Second)}
	for i, at := range []float64{0, 0.4, 0.9, 2.4, 3.9} { // 0.4 s is too short a time to tell
		v.pace.add(sample{at: began.Add(seconds(at)), images: int64(i), bytes: int64(100 * i)})
	}
	if r := ratesOf(v, &Images{}, 0); !slices.Equal(r.ImagesMinute, []float64{2, 0.6667, 0.6667}) || !slices.Equal(r.BytesMinute, []float64{200, 67, 67}) {
		t.Errorf("%+v", r)
	}
}

// TestRecent compares the present with ten seconds ago, while a run becomes faster.
func TestRecent(t *testing.T) {
	began := time.Now()
	for seconds, want := range map[int]float64{1: 1, 5: 5, 10: 10, 11: 12, 20: 30, 100: 190} {
		var p pace
		for i := range seconds {
			p.add(sample{at: began.Add(time.Duration(i) * time.Second), images: int64(i * i), bytes: int64(2 * i * i)})
		}
		images, bytes := p.rates(sample{at: began.Add(time.Duration(seconds) * time.Second), images: int64(seconds * seconds), bytes: int64(2 * seconds * seconds)})
		if images != want || bytes != 2*want {
			t.Errorf("after %d s: %v and %v, want %v", seconds, images, bytes, want)
		}
	}
}

// TestFileContents answers with the whole of each file.
func TestFileContents(t *testing.T) {
	handler := routes(nil, nil, http.NotFoundHandler())
	for path, name := range map[string]string{"/": "page.html", "/page.css": "page.css", "/page.js": "page.js", "/icon.svg": "icon.svg"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		want, err := files.ReadFile("files/" + name)
		if err != nil || w.Code != http.StatusOK || w.Body.String() != string(want) {
			t.Errorf("%s: %d, %d bytes of %d, %v", path, w.Code, w.Body.Len(), len(want), err)
		}
	}
}

// TestLists has failures, phases and flights in another order than that of the page.
func TestLists(t *testing.T) {
	tl := newTally()
	for class, n := range map[downloader.Class]int{downloader.ClassDNS: 1, downloader.ClassIO: 3, downloader.ClassTLS: 1, downloader.ClassReset: 2, downloader.ClassStall: 5} {
		for i := range n {
			tl.add(&downloader.Result{Item: downloader.Item{Line: i, URL: "http://me:word@a/"}, Status: downloader.StatusFailed, Class: class, Error: "x\ny"})
		}
	}
	var got []string
	for _, f := range failuresOf(tl) {
		got = append(got, fmt.Sprint(f))
	}
	if want := []string{`{stall 5 4 http://a/ x\ny}`, `{io 3 2 http://a/ x\ny}`, `{reset 2 1 http://a/ x\ny}`, `{dns 1 0 http://a/ x\ny}`, `{tls 1 0 http://a/ x\ny}`}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	v := &view{}
	for i, phase := range []string{"b", "c", "a", "b", "c", "d", "c", "a", "e", "f"} {
		v.flights = append(v.flights, live.Flight{Worker: i, Phase: phase, For: time.Duration(i) * 123_456 * time.Nanosecond, Total: time.Duration(i*7%10) * time.Second})
	}
	f := flightsOf(v)
	if got, want := fmt.Sprint(f.Phases), "[{c 3} {a 2} {b 2} {d 1} {e 1} {f 1}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	got = nil
	for _, one := range f.Longest {
		got = append(got, fmt.Sprint(one.Worker, one.For, one.Total))
	}
	if want := []string{"7 0.0009 9", "4 0.0005 8", "1 0.0001 7", "8 0.001 6", "5 0.0006 5", "2 0.0002 4", "9 0.0011 3", "6 0.0007 2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBuckets has durations at both ends of the octaves.
func TestBuckets(t *testing.T) {
	for _, c := range []struct {
		seconds []float64
		want    string
		mean    float64
	}{
		{nil, "[]", 0},
		{[]float64{0}, "[{0.0001 1}]", 0},
		{[]float64{0.0001, 0.0001001}, "[{0.0001 1} {0.0002 1}]", 0.0001},
		{[]float64{0.0002, 0.0009}, "[{0.0002 1} {0.0004 0} {0.0008 0} {0.0016 1}]", 0.0006},
		{[]float64{200, 209.7, 500}, "[{209.7152 2} {0 1}]", 303.2333},
		{[]float64{419}, "[{0 1}]", 419},
	} {
		var h histogram
		for _, s := range c.seconds {
			h.add(s)
		}
		if got := fmt.Sprint(bucketsOf(&h)); got != c.want || quantiles(&h).Mean != c.mean || quantiles(&h).Count != uint64(len(c.seconds)) {
			t.Errorf("%v: %s, %+v; want %s", c.seconds, got, quantiles(&h), c.want)
		}
	}
	if q := quantiles(&histogram{}); q != (Quantiles{}) {
		t.Errorf("no durations: %+v", q)
	}
}

// TestBusyFor counts the waits between attempts for nobody.
func TestBusyFor(t *testing.T) {
	timing := downloader.Timing{Queue: 1000, DNS: 1, Connect: 2, TLS: 4, FirstByte: 8, Body: 16, Verify: 32, Commit: 64, Total: 500}
	for _, c := range []struct {
		attempts int
		total    float64
		want     time.Duration
	}{{1, 500, 500 * time.Second}, {2, 500, 127 * time.Second}, {3, 100, 100 * time.Second}} {
		timing.Total = c.total
		if got := busyFor(&downloader.Result{Attempts: c.attempts, Timing: timing}); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestStates follows a command through two runs, on a clock of its own.
func TestStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newState()
		s.tick() // there is no run yet
		var first, second live.Counters
		r := s.begin(Run{Name: "one", Workers: 2, Counters: &first})
		time.Sleep(time.Second)
		first.OK.Store(3)
		first.Canceled.Store(1)
		first.Bytes.Store(100)
		s.tick()
		r.Observe(downloader.Result{Status: downloader.StatusFailed, Attempts: 1, Worker: 1, Started: time.Now().Add(-time.Second), Timing: downloader.Timing{Total: 1}})
		r.Observe(downloader.Result{Status: downloader.StatusOK, Attempts: 1, Worker: 0, Started: time.Now().Add(-time.Second), Timing: downloader.Timing{Total: 1}})
		r.Observe(downloader.Result{Status: downloader.StatusSkipped, Worker: 0, Timing: downloader.Timing{Total: 1}})
		time.Sleep(time.Second)
		v := s.view()
		if s.view() != v || s.final() == v {
			t.Error("a view is made twice, or one from before the end is the last")
		}
		if images, bytes := v.pace.history(); !slices.Equal(images, []float64{3}) || !slices.Equal(bytes, []float64{100}) || v.over || v.ended {
			t.Errorf("%v, %v, over %v, ended %v", images, bytes, v.over, v.ended)
		}
		if got := fmt.Sprintf("%q", []string{cut(v.lanes[0]), cut(v.lanes[1])}); got != `["99..." "99!.."]` {
			t.Errorf("lanes %s", got)
		}
		entry := first.Begin(downloader.Item{}, 1)
		time.Sleep(time.Second)
		if lanes := s.view().lanes; cut(lanes[1]) != "99!.99." || cut(lanes[0]) != "99....." {
			t.Errorf("an image in flight: %q", lanes)
		}
		before := s.view()
		time.Sleep(viewTime - 1)
		if s.view() != before {
			t.Error("a view is made again before its time")
		}
		time.Sleep(1 * time.Nanosecond)
		if s.view() == before {
			t.Error("a view is used beyond its time")
		}
		first.InFlight.Store(maxFlights)
		if v := s.look(); len(v.flights) != 1 {
			t.Errorf("%d flights of %d", len(v.flights), maxFlights)
		}
		first.InFlight.Store(maxFlights + 1)
		if v := s.look(); len(v.flights) != 0 {
			t.Errorf("%d flights of %d", len(v.flights), maxFlights+1)
		}
		first.End(entry)
		r.stop()
		time.Sleep(5 * time.Second)
		s.tick() // its clock stands
		if v := s.look(); !v.over || len(v.pace.all()) != 2 || v.now != r.stopped || v.now.Sub(v.began) != 3250*time.Millisecond {
			t.Errorf("over %v, %d samples, %v", v.over, len(v.pace.all()), v.now.Sub(v.began))
		}
		s.begin(Run{Name: "two", Counters: &second})
		second.Bytes.Store(10)
		v = s.look()
		if v.bytes != 110 || v.all.attempts != 2 || v.tally.attempts != 0 || v.run.Name != "two" || len(v.pace.all()) != 1 {
			t.Errorf("%d bytes, %d attempts, %d of %s, %d samples", v.bytes, v.all.attempts, v.tally.attempts, v.run.Name, len(v.pace.all()))
		}
		s.end()
		if v := s.final(); !v.ended || s.final() != v {
			t.Error("the last view is not of the end, or made twice")
		}
	})
}

// TestTimelineEdges has times at the beginning of the run, and of a slot.
func TestTimelineEdges(t *testing.T) {
	began := time.Now()
	for _, c := range []struct {
		from, to float64
		want     string
	}{
		{-3, 0.25, "5"}, {-3, 0, "."}, {-3, -0.001, "."}, {0, 0.5, "9."}, {0.25, 0.75, "55"}, {0.5, 0.5, ".."}, {60, 60.5, "9."}, {0, 0.0556, "2"}, {0, 0.0555, "1"},
	} {
		l := timeline{began: began}
		l.add(0, began.Add(seconds(c.from)), began.Add(seconds(c.to)), false)
		if row := l.text(1)[0]; !strings.HasSuffix(row, c.want) || strings.Trim(strings.TrimSuffix(row, c.want), ".") != "" {
			t.Errorf("%+v: %q", c, row)
		}
	}
	l := timeline{began: began}
	l.add(0, began, began.Add(time.Hour), false)
	l.add(0, began, began.Add(time.Minute), true) // long ago: it is not shown any more
	if row := l.text(1)[0]; strings.Contains(row, "!") {
		t.Errorf("%q", row)
	}
}

// TestHostEdges keeps what is known of a host, however many others there are.
func TestHostEdges(t *testing.T) {
	events := troubled{}
	for i := range maxTroubled {
		events.note(downloader.HostEvent{Host: fmt.Sprint(i), Change: downloader.HostSlower, Limit: 1})
	}
	events.note(downloader.HostEvent{Host: "0", Change: downloader.HostGivenUp, Limit: 2})
	events.note(downloader.HostEvent{Host: "new", Change: downloader.HostGivenUp})
	if len(events) != maxTroubled || events["0"].Limit != 2 || events["1"].Limit != 1 {
		t.Errorf("%d hosts, %+v", len(events), events["0"])
	}
	for _, n := range []int{1, 2, 3} {
		var r results
		for i := range n {
			r.add(Finished{Round: 1, Seconds: float64(int(1) << i)})
		}
		if got, want := r.list()[0].Median, []float64{1, 1.5, 2}[n-1]; got != want {
			t.Errorf("the median of %d: %v, want %v", n, got, want)
		}
	}
}

// TestAddressed compares the host of a request with the address that its client is connected to.
func TestAddressed(t *testing.T) {
	for _, c := range []struct {
		host, here, given string
		want              bool
	}{
		{"10.1.2.3:80", "10.1.2.3", "", true}, {"10.1.2.3:80", "10.1.2.4", "", false}, {"10.1.2.3", "::ffff:10.1.2.3", "", true}, {"[::ffff:10.1.2.3]:1", "10.1.2.3", "", true},
		{"10.1.2.3", "", "", false}, {"127.0.0.9", "", "", true}, {"[::1]:80", "", "", true}, {"::1", "", "", true}, {"LOCALHOST:1", "", "", true}, {"a.test", "", "A.test", true},
		{"", "", "", false}, {"b.test", "10.1.2.3", "a.test", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = c.host
		if c.here != "" {
			r = r.WithContext(contextWith(r, &net.TCPAddr{IP: net.ParseIP(c.here), Port: 80}))
		}
		if got := addressed(r, c.given); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestRefusals has the headers of answers without the page.
func TestRefusals(t *testing.T) {
	handler := guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") }), "")
	for _, c := range []struct {
		method, host, body string
		status             int
		header             http.Header
	}{
		{http.MethodGet, "localhost", "", 200, http.Header{}},
		{http.MethodHead, "localhost", "", 200, http.Header{}},
		{http.MethodPost, "localhost", "", 405, http.Header{"Allow": {"GET, HEAD"}, "Connection": {"close"}}},
		{http.MethodGet, "a.test", "", 421, http.Header{"Connection": {"close"}}},
		{http.MethodGet, "localhost", "x", 400, http.Header{"Connection": {"close"}}},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(c.method, "/", strings.NewReader(c.body))
		r.Host = c.host
		handler.ServeHTTP(w, r)
		got := http.Header{}
		for _, name := range []string{"Allow", "Connection"} {
			if w.Header().Get(name) != "" {
				got[name] = w.Header()[name]
			}
		}
		if w.Code != c.status || !reflect.DeepEqual(got, c.header) || w.Header().Get("X-Frame-Options") != "DENY" {
			t.Errorf("%+v: %d, %v", c, w.Code, w.Header())
		}
	}
}

// TestCloseErrors ends with every error, but that something is closed already.
func TestCloseErrors(t *testing.T) {
	other := errors.New("x")
	for err, want := range map[error]error{nil: nil, net.ErrClosed: nil, fmt.Errorf("accept: %w", net.ErrClosed): nil, other: other} {
		if got := ignoreClosed(err); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
	for _, addr := range []string{"", "x", "127.0.0.1", "127.0.0.1:99999"} {
		if p, err := Listen(addr, About{}); err == nil {
			t.Errorf("%q: a page at %s: %v", addr, p.URL(), p.Close())
		}
	}
}

// contextWith returns the context of a request that came in at an address.
func contextWith(r *http.Request, here net.Addr) context.Context {
	return context.WithValue(r.Context(), http.LocalAddrContextKey, here)
}

// TestFinalWithoutReaders ends a page that nobody has looked at.
func TestFinalWithoutReaders(t *testing.T) {
	s := newState()
	s.end()
	if v := s.final(); !v.ended || v.run != nil || describe(v, About{}).State != "ended" {
		t.Errorf("%+v", v)
	}
}
