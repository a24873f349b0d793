package web

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

const (
	eventEvery = time.Second
	maxStreams = 16 // that are open at a time
)

// documents has the state as JSON, encoded once for all readers.
type documents struct {
	about About
	state *state

	mu   sync.Mutex
	of   *view // that data was made of
	data []byte
}

// encode returns the document of a view. All readers share it: nobody may append to it.
func (d *documents) encode(v *view) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of != v {
		data, err := json.Marshal(describe(v, d.about))
		if err != nil { // no value of the document can make it fail
			data = []byte("{}")
		}
		d.of, d.data = v, data
	}
	return d.data
}

// status answers with the present state.
func (d *documents) status(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(d.encode(d.state.view()))
	if err == nil { // else the reader has gone
		_, _ = w.Write([]byte("\n"))
	}
}

// streams are the readers that get the state each second, as server-sent events.
type streams struct {
	documents *documents
	places    chan struct{} // one for each open stream
	ended     chan struct{} // closed at the end
}

func newStreams(d *documents) *streams {
	return &streams{documents: d, places: make(chan struct{}, maxStreams), ended: make(chan struct{})}
}

// serve sends the state until the reader goes or the page ends. Its last event has the name end.
func (s *streams) serve(w http.ResponseWriter, r *http.Request) {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, "too many readers")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	rc := http.NewResponseController(w)
	send := func(head string, data []byte) error {
		_ = rc.SetWriteDeadline(time.Now().Add(writeTime)) // a recorder of a test has none
		event := append(append([]byte(head+"data: "), data...), "\n\n"...)
		if _, err := w.Write(event); err != nil {
			return err
		}
		return rc.Flush()
	}
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	for {
		if err := send("", s.documents.encode(s.documents.state.view())); err != nil {
			return
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		case <-s.ended:
			_ = send("event: end\n", s.documents.encode(s.documents.state.final())) // the page shows what it has
			return
		}
	}
}

// end sends the last event to all readers, and waits a moment for those that are slow.
func (s *streams) end(patience time.Duration) {
	close(s.ended)
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for range maxStreams {
		select {
		case s.places <- struct{}{}:
		case <-limit.C:
			return
		}
	}
}
