// Package web shows a run while it goes on, on a page in the browser, as JSON and as metrics
// for Prometheus. It only reads counters and results. The run never waits for a reader.
package web

import (
	"context"
	"embed"
	"errors"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"

	"grab/downloader"
	"grab/testserver/serving"
)

const (
	maxConnections = 64                     // at a time
	lastEventTime  = 500 * time.Millisecond // for the readers to get the last event
)

//go:embed files
var files embed.FS

// Page serves the state of one command.
type Page struct {
	addr    string
	state   *state
	streams *streams
	server  *serving.Group
	close   func() error // ends what accepts connections
	stop    chan struct{}
	stopped chan struct{}
}

// Listen begins to serve a page at an address, host:port. The caller calls Close.
func Listen(addr string, about About) (*Page, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := newState()
	docs := &documents{about: about, state: s}
	p := &Page{
		addr: l.Addr().String(), state: s, streams: newStreams(docs), close: l.Close,
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	p.server = serving.NewGroup(guard(routes(docs, p.streams, metrics(s, about)), host), nil)
	p.server.Serve(netutil.LimitListener(l, maxConnections), nil)
	go p.tick()
	return p, nil
}

// routes returns the handler of everything that there is.
func routes(d *documents, s *streams, metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/status", d.status)
	mux.HandleFunc("/events", s.serve)
	mux.Handle("/metrics", metrics)
	for _, file := range []struct{ path, name, kind string }{
		{"/{$}", "page.html", "text/html; charset=utf-8"},
		{"/page.css", "page.css", "text/css; charset=utf-8"},
		{"/page.js", "page.js", "text/javascript; charset=utf-8"},
		{"/icon.svg", "icon.svg", "image/svg+xml"},
	} {
		mux.HandleFunc(file.path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", file.kind) // what the system thinks of .js may be wrong
			http.ServeFileFS(w, r, files, "files/"+file.name)
		})
	}
	return mux
}

// URL returns where the page is.
func (p *Page) URL() string { return "http://" + p.addr + "/" }

// Watch makes r the run that is shown. Its results and hosts go to the observer; the caller
// calls stop when it has ended.
func (p *Page) Watch(r Run) (o downloader.Observer, stop func()) {
	run := p.state.begin(r)
	return run, run.stop
}

// Add shows a run of a comparison that has ended.
func (p *Page) Add(f Finished) { p.state.add(f) }

// Close shows that all is done, and ends everything. After it returns, no goroutine is left.
func (p *Page) Close() error {
	p.state.end()
	close(p.stop)
	<-p.stopped
	p.streams.end(lastEventTime)
	closed := p.close()
	p.server.Cancel(context.Canceled)
	return errors.Join(ignoreClosed(closed), ignoreClosed(p.server.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// tick samples the pace each second.
func (p *Page) tick() {
	defer close(p.stopped)
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.state.tick()
		case <-p.stop:
			return
		}
	}
}
