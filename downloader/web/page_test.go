package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// listen returns a page, and the client of a test that asks it.
func listen(t *testing.T, addr, command string) (*Page, *http.Client) {
	t.Helper()
	p, err := Listen(addr, About{Version: "1.2", Command: command})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return p, &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// ask sends a request, and returns the response with its body read.
func ask(t *testing.T, c *http.Client, r *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func request(t *testing.T, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGuard asks in the name of other pages, with other methods, and with bodies. Whatever the
// answer is, it forbids browsers to load, run or share anything.
func TestGuard(t *testing.T) {
	p, c := listen(t, "127.0.0.1:0", "download")
	defer p.Close()
	_, port, _ := net.SplitHostPort(p.addr)
	for _, tt := range []struct {
		method, path, host, field, value string
		status                           int
	}{
		{"GET", "", "", "", "", 200},
		{"HEAD", "", "", "", "", 200},
		{"GET", "page.js", "", "", "", 200},
		{"GET", "page.css", "", "", "", 200},
		{"GET", "icon.svg", "", "", "", 200},
		{"GET", "api/status", "", "", "", 200},
		{"HEAD", "api/status", "", "", "", 200},
		{"GET", "metrics", "", "", "", 200},
		{"HEAD", "events", "", "", "", 200},
		{"GET", "files/page.js", "", "", "", 404},
		{"GET", "page.html", "", "", "", 404},
		{"GET", "..%2fgo.mod", "", "", "", 404},
		{"GET", "", "localhost:" + port, "", "", 200},
		{"GET", "", "LOCALHOST", "", "", 200},
		{"GET", "", "127.0.0.1", "", "", 200},
		{"GET", "", "127.9.9.9:80", "", "", 200},
		{"GET", "", "[::1]:" + port, "", "", 200},
		{"GET", "", "evil.test", "", "", 421},
		{"GET", "api/status", "evil.test:" + port, "", "", 421},
		{"GET", "metrics", "127.0.0.1.evil.test", "", "", 421},
		{"GET", "events", "localhost.evil.test", "", "", 421},
		{"GET", "", "192.0.2.1:" + port, "", "", 421},
		{"POST", "", "", "", "", 405},
		{"PUT", "api/status", "", "", "", 405},
		{"OPTIONS", "api/status", "", "", "", 405},
		{"DELETE", "metrics", "", "", "", 405},
		{"GET", "api/status", "", "Origin", "http://evil.test", 403},
		{"GET", "api/status", "", "Origin", "null", 403},
		{"GET", "api/status", "", "Origin", "http://" + p.addr, 200},
		{"GET", "page.js", "", "Sec-Fetch-Site", "cross-site", 403},
		{"GET", "events", "", "Sec-Fetch-Site", "same-site", 403},
		{"GET", "page.js", "", "Sec-Fetch-Site", "same-origin", 200},
		{"GET", "", "", "Content-Length", "5", 400},
	} {
		r := request(t, tt.method, p.URL()+tt.path)
		r.Host = tt.host
		if tt.field == "Content-Length" {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("abcde")), 5
		} else if tt.field != "" {
			r.Header.Set(tt.field, tt.value)
		}
		response, body := ask(t, c, r)
		if response.StatusCode != tt.status {
			t.Errorf("%+v: status %d: %s", tt, response.StatusCode, body)
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") ||
			response.Header.Get("Access-Control-Allow-Origin") != "" || response.Header.Get("X-Content-Type-Options") != "nosniff" ||
			response.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%+v: header %v", tt, response.Header)
		}
	}
	for path, want := range map[string]string{"": "text/html", "page.js": "text/javascript", "page.css": "text/css", "icon.svg": "image/svg+xml", "metrics": "text/plain"} {
		if response, _ := ask(t, c, request(t, "GET", p.URL()+path)); !strings.HasPrefix(response.Header.Get("Content-Type"), want) {
			t.Errorf("%q has the type %s", path, response.Header.Get("Content-Type"))
		}
	}
	link := request(t, "GET", p.URL())
	link.Header.Set("Sec-Fetch-Site", "cross-site")
	link.Header.Set("Sec-Fetch-Mode", "navigate")
	if response, _ := ask(t, c, link); response.StatusCode != 200 {
		t.Errorf("a link from elsewhere: status %d", response.StatusCode)
	}
}

// A host that the user gave may be in the Host header.
func TestGivenHost(t *testing.T) {
	p, c := listen(t, "localhost:0", "download")
	defer p.Close()
	for host, want := range map[string]bool{"localhost": true, "given.test": false} {
		r := request(t, "GET", p.URL())
		r.Host = host
		if response, _ := ask(t, c, r); (response.StatusCode == 200) != want {
			t.Errorf("%s: status %d", host, response.StatusCode)
		}
	}
	r := request(t, "GET", "http://given.test:80/")
	if !addressed(r, "given.test") || addressed(r, "other.test") || addressed(r, "") {
		t.Error("the host that was given is not the one that is allowed")
	}
}

func TestPortInUse(t *testing.T) {
	p, _ := listen(t, "127.0.0.1:0", "download")
	defer p.Close()
	if second, err := Listen(p.addr, About{}); err == nil {
		second.Close()
		t.Error("two pages at one address")
	}
	if _, err := Listen("no address", About{}); err == nil {
		t.Error("a page at no address")
	}
}

// example is a run with a result of each kind, a held host and an image in flight.
func example(p *Page) (*live.Counters, downloader.Observer, func()) {
	c := &live.Counters{}
	c.Total.Store(10)
	c.Bytes.Store(1000)
	c.SetHosts(func() ([]downloader.HostState, int) {
		return []downloader.HostState{{Host: "http://slow.test", Class: downloader.ClassConnect, Reason: "refused\x1b[31m", Images: 3, Failures: 5, Next: time.Second}}, 2
	})
	c.InFlight.Add(1)
	c.Begin(downloader.Item{Line: 7, URL: "http://name:secret@a.test/7"}, 1)
	o, stop := p.Watch(Run{Name: "pool", Mode: downloader.Pool, Workers: 2, Counters: c})
	at := time.Now()
	for i, r := range []downloader.Result{
		{Status: downloader.StatusOK, Attempts: 1, Started: at, Timing: downloader.Timing{Total: .25, FirstByte: .2}},
		{Status: downloader.StatusSkipped},
		{Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, Error: "404", Attempts: 1, Started: at},
		{Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, Error: "<b>\n410", Attempts: 3, Started: at},
		{Status: downloader.StatusCanceled},
	} {
		r.Item = downloader.Item{Index: i, Line: i + 1, URL: "http://user:secret@a.test/" + fmt.Sprint(i)}.Public()
		c.Count(r.Status)
		o.Observe(r)
	}
	o.(downloader.HostObserver).ObserveHost(downloader.HostEvent{Host: "http://down.test", Change: downloader.HostGivenUp, Images: 9})
	return c, o, stop
}

func TestStatus(t *testing.T) {
	p, c := listen(t, "127.0.0.1:0", "download")
	defer p.Close()
	_, before := ask(t, c, request(t, "GET", p.URL()+"api/status"))
	if !strings.HasPrefix(before, `{"version":"1.2","command":"download","state":"starting","run":""`) || strings.Contains(before, ":null,") && !strings.Contains(before, `"seconds_left":null`) {
		t.Errorf("before a run: %s", before)
	}
	p.state.last = nil // or the answer would be that of a moment ago
	_, _, stop := example(p)
	response, body := ask(t, c, request(t, "GET", p.URL()+"api/status"))
	var s Status
	if err := json.Unmarshal([]byte(body), &s); err != nil || response.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v: %s", err, body)
	}
	want := Images{Listed: 10, Done: 5, OK: 1, Skipped: 1, Failed: 2, Canceled: 1, InFlight: 1}
	if s.State != "running" || s.Run != "pool" || s.Workers != 2 || s.Images != want || s.Bytes != 1000 {
		t.Errorf("%s", body)
	}
	if h := s.Hosts; h.Held != 1 || h.GivenUp != 2 || h.Waiting != 3 || len(h.List) != 2 || h.List[0].Host != "http://down.test" || h.List[1].Reason != `refused\x1b[31m` {
		t.Errorf("hosts %+v", h)
	}
	if f := s.Failures; len(f) != 1 || f[0] != (Failure{Class: "http-4xx", Count: 2, Line: 4, URL: "http://a.test/3", Error: `<b>\n410`}) {
		t.Errorf("failures %+v", f)
	}
	if l := s.Latency; l.Total.Count != 1 || l.Total.Max != .25 || l.Total.P50 != .25 || l.FirstByte.Max != .2 || len(l.Buckets) != 1 {
		t.Errorf("latency %+v", l)
	}
	if f := s.Flights; len(f.Longest) != 1 || f.Longest[0].Worker != 1 || f.Longest[0].Phase == "" || strings.Contains(body, "secret") {
		t.Errorf("in flight %+v", f)
	}
	if len(s.Timeline.Lanes) != 2 || !strings.Contains(s.Timeline.Lanes[0], "!") {
		t.Errorf("timeline %+v", s.Timeline)
	}
	stop()
	p.state.end()
	if s := describe(p.state.final(), About{}); s.State != "ended" || s.Hosts.Held != 0 || s.Images.Done != 5 {
		t.Errorf("after the end: %+v", s)
	}
}

// Counters for Prometheus go on over all runs of a comparison.
func TestMetrics(t *testing.T) {
	p, c := listen(t, "127.0.0.1:0", "compare")
	defer p.Close()
	example(p)
	example(p)
	_, body := ask(t, c, request(t, "GET", p.URL()+"metrics"))
	for _, line := range []string{
		`grab_images_total{class="",status="ok"} 2`,
		`grab_images_total{class="http-4xx",status="failed"} 4`,
		`grab_images_total{class="",status="canceled"} 2`,
		`grab_attempts_total 10`,
		`grab_received_bytes_total 2000`,
		`grab_image_duration_seconds_bucket{le="0.2048"} 0`,
		`grab_image_duration_seconds_bucket{le="0.4096"} 2`,
		`grab_image_duration_seconds_bucket{le="+Inf"} 2`,
		`grab_image_duration_seconds_sum 0.5`,
		`grab_first_byte_duration_seconds_count 2`,
		`grab_images_listed 10`, `grab_workers{mode="pool"} 2`, `grab_images_in_flight 1`,
		`grab_hosts_held 1`, `grab_hosts_given_up 2`, `grab_images_waiting 3`,
		`grab_build_info{command="compare",version="1.2"} 1`,
	} {
		if !strings.Contains(body, "\n"+line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if !strings.Contains(body, "\ngo_goroutines ") {
		t.Error("nothing of Go")
	}
	if t.Failed() {
		t.Log(body)
	}
}

// event reads one server-sent event.
func event(t *testing.T, r *bufio.Reader) (name string, s Status) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		line = strings.TrimSuffix(line, "\n")
		field, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "":
			return name, s
		case field == "event":
			name = value
		case field == "data":
			if err := json.Unmarshal([]byte(value), &s); err != nil {
				t.Fatalf("%v: %s", err, value)
			}
		default:
			t.Fatalf("line %q", line)
		}
	}
}

// A reader gets the state at once, and at the end an event that says so. Then its stream ends,
// and no goroutine is left.
func TestEvents(t *testing.T) {
	p, c := listen(t, "127.0.0.1:0", "download")
	response, err := c.Do(request(t, "GET", p.URL()+"events"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("Content-Type %q", kind)
	}
	r := bufio.NewReader(response.Body)
	if name, s := event(t, r); name != "" || s.State != "starting" {
		t.Errorf("event %q, state %s", name, s.State)
	}
	_, _, stop := example(p)
	stop()
	closed := make(chan error)
	go func() { closed <- p.Close() }()
	for {
		name, s := event(t, r)
		if name == "end" {
			if s.State != "ended" || s.Images.Done != 5 {
				t.Errorf("the last event: %+v", s)
			}
			break
		}
	}
	if rest, err := io.ReadAll(r); len(rest) > 0 {
		t.Errorf("after the end: %q, %v", rest, err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// There are only so many streams at a time, and a place is free again when a reader goes.
func TestStreamsAreBounded(t *testing.T) {
	p, c := listen(t, "127.0.0.1:0", "download")
	defer p.Close()
	var open []*http.Response
	for range maxStreams {
		response, err := c.Do(request(t, "GET", p.URL()+"events"))
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		open = append(open, response)
		event(t, bufio.NewReader(response.Body))
	}
	if response, _ := ask(t, c, request(t, "GET", p.URL()+"events")); response.StatusCode != 503 || response.Header.Get("Retry-After") == "" {
		t.Errorf("one more: status %d", response.StatusCode)
	}
	if response, _ := ask(t, c, request(t, "GET", p.URL()+"api/status")); response.StatusCode != 200 {
		t.Errorf("the state meanwhile: status %d", response.StatusCode)
	}
	open[0].Body.Close()
	p.streams.places <- struct{}{} // when the server has noticed
}

// A body that does not come keeps no connection open.
func TestBodyThatSleeps(t *testing.T) {
	p, _ := listen(t, "127.0.0.1:0", "download")
	defer p.Close()
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 405 ") {
		t.Errorf("%v: %s", err, answer)
	}
}

// A reader that takes nothing holds neither the results nor the end up.
func TestReaderThatSleeps(t *testing.T) {
	p, _ := listen(t, "127.0.0.1:0", "download")
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
	silent, err := net.Dial("tcp", p.addr) // sends nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	_, o, stop := example(p)
	for range 100_000 {
		o.Observe(downloader.Result{Status: downloader.StatusOK, Attempts: 1, Started: time.Now(), Timing: downloader.Timing{Total: .001}})
	}
	stop()
	began := time.Now()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the end took %v", took)
	}
}

// Everything at once, for the race detector.
func TestManyReaders(t *testing.T) {
	p, c := listen(t, "127.0.0.1:0", "compare")
	var readers, runs sync.WaitGroup
	for _, path := range []string{"api/status", "metrics", "api/status", ""} {
		readers.Go(func() {
			for range 20 {
				ask(t, c, request(t, "GET", p.URL()+path))
			}
		})
	}
	runs.Go(func() {
		for round := range 20 {
			_, o, stop := example(p)
			for range 200 {
				o.Observe(downloader.Result{Status: downloader.StatusFailed, Class: downloader.ClassDNS, Attempts: 1, Started: time.Now(), Worker: 70})
				o.(downloader.HostObserver).ObserveHost(downloader.HostEvent{Host: "h", Change: downloader.HostSlower})
			}
			p.state.tick()
			stop()
			p.Add(Finished{Name: "pool", Round: round})
			p.state.look()
		}
	})
	runs.Wait()
	readers.Wait()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if s := describe(p.state.final(), About{}); s.Images.Done != 5 || len(s.Results) != 1 || s.Results[0].Done != 19 {
		t.Errorf("%+v", s)
	}
}

// However often it is asked, the run is looked at a few times a second, and its clock stops
// when it has ended.
func TestViews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newState()
		c := &live.Counters{}
		looked := 0
		c.SetHosts(func() ([]downloader.HostState, int) { looked++; return nil, 0 })
		c.Total.Store(100)
		run := s.begin(Run{Workers: 1, Counters: c})
		d := &documents{state: s}
		for range 1000 {
			time.Sleep(10 * time.Millisecond)
			d.encode(s.view())
		}
		if looked < 20 || looked > 50 {
			t.Errorf("%d looks in 10 s", looked)
		}
		for second := range 30 {
			c.OK.Store(int64(second))
			s.tick()
			time.Sleep(time.Second)
		}
		v := describe(s.view(), About{})
		if v.Rates.Images < .9 || v.Rates.Images > 1.1 || v.Rates.Left == nil || *v.Rates.Left < 64 || *v.Rates.Left > 80 {
			t.Errorf("rates %+v", v.Rates)
		}
		run.stop()
		time.Sleep(time.Hour)
		s.tick()
		if v := describe(s.view(), About{}); v.Seconds != 40 || v.Rates.Left != nil || len(v.Rates.ImagesMinute) > 40 {
			t.Errorf("after the end: %v s, %+v", v.Seconds, v.Rates)
		}
	})
}

// The page's script and style are files of their own, and none of them names another server.
func TestFiles(t *testing.T) {
	for _, name := range []string{"page.html", "page.css", "page.js"} {
		data, err := files.ReadFile("files/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), "http://www.w3.org/2000/svg", "")
		for _, bad := range []string{"http://", "https://", "<style", " style=", "onclick", "innerHTML", "eval("} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
		if name == "page.html" && bytes.Count(data, []byte("<script")) != 1 {
			t.Error("a script inside the page")
		}
	}
}

// BenchmarkView makes a view and its document, of a run with many workers and hosts.
func BenchmarkView(b *testing.B) {
	s := newState()
	c := &live.Counters{}
	held := make([]downloader.HostState, 1000)
	for i := range held {
		held[i] = downloader.HostState{Host: fmt.Sprintf("http://host%d.test", i), Reason: "connection refused", Images: i}
	}
	c.SetHosts(func() ([]downloader.HostState, int) { return held, 0 })
	s.begin(Run{Workers: 64, Counters: c})
	for worker := range 64 {
		c.Begin(downloader.Item{URL: "http://a.test/1.jpg"}, worker)
	}
	for b.Loop() {
		if _, err := json.Marshal(describe(s.look(), About{})); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkObserve(b *testing.B) {
	s := newState()
	run := s.begin(Run{Workers: 16, Counters: &live.Counters{}})
	began := time.Now()
	for i := range b.N {
		run.Observe(downloader.Result{
			Status: downloader.StatusOK, Attempts: 1, Worker: i % 16, Started: began.Add(time.Duration(i) * 100 * time.Microsecond),
			Timing: downloader.Timing{Total: .0015, FirstByte: .001},
		})
	}
}
