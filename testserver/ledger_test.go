package testserver

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"grab/testserver/ledger"
)

func TestLedgerIsCompleteOnceReadIsDone(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	const rounds = 200
	var sent int64
	for i := range rounds {
		url := s.URL("/image/1.jpg?bytes=300000")
		if i%2 == 1 {
			url = s.TLSURL("/image/1.jpg")
		}
		sent += int64(len(get(t, c, url).data))
		l := s.Ledger()
		if l.Total != i+1 || l.Bytes != sent || l.InFlight != 0 {
			t.Fatalf("after %d: total %d, bytes %d (%d), in flight %d", i+1, l.Total, l.Bytes, sent, l.InFlight)
		}
	}
	l := s.Ledger()
	if l.Connections != 2 || l.Count("/image/1.jpg") != rounds || l.PeakInFlight != 1 {
		t.Errorf("connections %d, count %d, peak %d", l.Connections, l.Count("/image/1.jpg"), l.PeakInFlight)
	}
	if l.Requests[0].Conn != 1 || l.Requests[1].Conn != 2 || l.Requests[2].Conn != 1 {
		t.Error("connections are not numbered by their first requests")
	}
}

func TestLedgerOverHTTP(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	get(t, c, "http://one.test/image/1.jpg")
	do(t, c, http.MethodHead, "http://two.test/image/1.png?w=5")
	get(t, c, s.URL("/ca.pem"))

	var l ledger.Ledger
	for range 2 { // the second round shows that the first left no trace
		if err := json.Unmarshal(get(t, c, s.URL("/ledger")).data, &l); err != nil {
			t.Fatal(err)
		}
	}
	if l.Total != 2 || len(l.Requests) != 2 || l.Connections != 2 {
		t.Fatalf("ledger %+v", l)
	}
	head := l.Requests[1]
	if head.Method != "HEAD" || head.Host != "two.test" || head.Seq != 2 || head.Sent != 0 ||
		head.URI != "/image/1.png?w=5" || head.End != ledger.EndComplete || head.Status != 200 || head.Started.IsZero() {
		t.Errorf("HEAD: %+v", head)
	}

	do(t, c, http.MethodPost, s.URL("/reset"))
	if l := s.Ledger(); l.Total != 0 || l.Connections != 0 || l.Bytes != 0 || len(l.Requests) != 0 {
		t.Errorf("after the reset: %+v", l)
	}
	get(t, c, "http://one.test/image/1.jpg") // on a connection from before
	if l := s.Ledger(); l.Connections != 1 || l.Requests[0].Conn != 1 || l.Requests[0].Seq != 1 {
		t.Errorf("after the reset: %+v", l)
	}
}

// At one byte a second the header comes at once and hardly any of the body. So a client
// that has the header knows that its request is in flight.
func TestPeakInFlight(t *testing.T) {
	s := start(t, Options{Bandwidth: 1})
	c := newClient(t, s)
	const clients = 20
	responses := make([]*http.Response, clients)
	var wg sync.WaitGroup
	for i := range clients {
		url := s.URL("/image/1.jpg")
		if i%2 == 1 {
			url = s.TLSURL("/image/1.jpg")
		}
		wg.Go(func() { responses[i] = open(t, c, url) })
	}
	wg.Wait()
	if l := s.Ledger(); l.InFlight != clients || l.PeakInFlight != clients || l.Total != 0 {
		t.Errorf("in flight %d, peak %d, total %d", l.InFlight, l.PeakInFlight, l.Total)
	}
	for _, r := range responses {
		r.Body.Close()
	}
	if err := s.Shutdown(soon(t)); err != nil {
		t.Fatal(err)
	}
	l := s.Ledger()
	if l.InFlight != 0 || l.PeakInFlight != clients || l.Total != clients {
		t.Errorf("at the end: in flight %d, peak %d, total %d", l.InFlight, l.PeakInFlight, l.Total)
	}
	for _, q := range l.Requests {
		if q.End != ledger.EndClientGone || q.Sent >= q.Planned || q.Planned == 0 {
			t.Errorf("%s: %s with %d of %d", q.Proto, q.End, q.Sent, q.Planned)
		}
	}
}

func TestHandlerInAnotherServer(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, httptest.NewRequest("GET", "http://any.test/image/4.jpg", nil))
	want, _ := Image("/image/4.jpg", 0)
	if !bytes.Equal(rec.Body.Bytes(), want) {
		t.Error("body differs")
	}
	if l := s.Ledger(); l.Total != 1 || l.Connections != 0 {
		t.Errorf("ledger %+v", l)
	}
}

func TestLogIsOneSafeLine(t *testing.T) {
	var buf bytes.Buffer
	s, err := New(Options{Log: &buf})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/status/200", nil)
	r.Host, r.RequestURI = "evil\x1b[31m\nhost", "/status/200?\r\n\u202e"
	s.ServeHTTP(httptest.NewRecorder(), r)
	line, err := buf.ReadString('\n')
	if err != nil || buf.Len() != 0 {
		t.Fatalf("log %q and then %q", line, buf.String())
	}
	for _, c := range strings.TrimSuffix(line, "\n") {
		if c < ' ' || c > '~' {
			t.Errorf("%q has %q", line, c)
		}
	}
}
