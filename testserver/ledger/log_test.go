package ledger

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestLog has the lines of the log. What a client sends cannot forge one.
func TestLog(t *testing.T) {
	var log strings.Builder
	rec := NewRecorder(&log)
	first, second := new(Conn), new(Conn)
	a, b, c := rec.Begin(first, true), rec.Begin(second, true), rec.Begin(first, false)
	rec.Finish(c, Request{Remote: "1.2.3.4:5", Proto: "HTTP/1.1", Method: "GET", Host: "a\nb", URI: "/x\x1b?y", Status: 404, Sent: 3, Planned: 7, Seconds: 0.25, End: EndComplete})
	rec.Finish(b, Request{Fault: "a01-short", End: EndFault, Sent: 4})
	rec.Finish(a, Request{End: EndClosed})
	rec.Finish(rec.Begin(nil, false), Request{})
	const want = `3 conn=1 1.2.3.4:5 HTTP/1.1 "GET" "a\nb" "/x\x1b?y" status=404 sent=3/7 0.250000s complete -` + "\n" +
		`2 conn=2   "" "" "" status=0 sent=4/0 0.000000s fault a01-short` + "\n" +
		`1 conn=1   "" "" "" status=0 sent=0/0 0.000000s closed -` + "\n" +
		`4 conn=0   "" "" "" status=0 sent=0/0 0.000000s  -` + "\n"
	if log.String() != want {
		t.Errorf("%s\nwant %s", log.String(), want)
	}
	l := rec.Snapshot()
	if l.Total != 4 || l.Connections != 2 || l.InFlight != 0 || l.PeakInFlight != 2 || l.Bytes != 7 || l.Dropped != 0 || l.CPUSeconds < 0 {
		t.Errorf("%+v", l)
	}
	for i, r := range l.Requests {
		if r.Seq != i+1 {
			t.Errorf("request %d is at place %d", r.Seq, i)
		}
	}
	rec.Reset()
	d := rec.Begin(first, true) // a connection has a new number after a reset
	if d.conn != 1 || d.seq != 1 {
		t.Errorf("%+v", d)
	}
	if l := rec.Snapshot(); l.Connections != 1 || l.InFlight != 1 || l.PeakInFlight != 1 || l.Total != 0 || l.Requests == nil {
		t.Errorf("%+v", l)
	}
	NewRecorder(nil).Finish(Ticket{}, Request{}) // without a log
}

// TestPaths counts requests by their paths.
func TestPaths(t *testing.T) {
	l := Ledger{Requests: []Request{{URI: "/a?b"}, {URI: "/a"}, {URI: "/a/?b?c"}, {URI: "/b"}}}
	if got := []int{l.Count("/a"), l.Count("/a/"), l.Count("/c"), l.Count("/a?b")}; got[0] != 2 || got[1] != 1 || got[2] != 0 || got[3] != 0 {
		t.Errorf("%v", got)
	}
	text, err := json.Marshal(Request{Started: time.Unix(0, 0).UTC()})
	if want := `{"seq":0,"conn":0,"remote":"","proto":"","method":"","host":"","uri":"","range":"","fault":"","status":0,"planned":0,"sent":0,"started":"1970-01-01T00:00:00Z","seconds":0,"end":""}`; string(text) != want || err != nil {
		t.Errorf("%s, %v", text, err)
	}
}

// TestProcessorTime counts from the last reset.
func TestProcessorTime(t *testing.T) {
	rec := NewRecorder(nil)
	rec.Reset()
	before := cpuTime()
	if before == 0 {
		t.Skip("this system does not tell the time of a process")
	}
	for cpuTime() < before+20*time.Millisecond {
	}
	if spent := rec.Snapshot().CPUSeconds; spent < 0.02 || spent > cpuTime().Seconds() {
		t.Errorf("%v seconds", spent)
	}
}
