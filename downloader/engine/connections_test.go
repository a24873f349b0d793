package engine_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/testserver"
)

// counted is a server of pictures that counts its connections. It holds the first
// requests back until a number of them are there at once.
type counted struct {
	*httptest.Server
	mu          sync.Mutex
	connections int
}

func startCounted(t *testing.T, together int) *counted {
	s := &counted{}
	arrived := make(chan struct{})
	var count int
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if count++; count == together {
			close(arrived)
		}
		s.mu.Unlock()
		<-arrived
		switch r.URL.Path {
		case "/missing":
			http.NotFound(w, r)
		case "/broken":
			panic(http.ErrAbortHandler)
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.Write(picture)
		}
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.mu.Lock()
			s.connections++
			s.mu.Unlock()
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// TestConnectionsAreKept fetches many images from one host. Some in between fail, at
// that host and at others. They must not cost the rest their connections
// (hashicorp/go-retryablehttp#237).
func TestConnectionsAreKept(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startCounted(t, opts.Workers)
		other := startScripts(t, map[string]script{"/silent": says(""), "/page": says(reply("200 OK", "<html>"))})
		closed := closedPort(t)
		var urls []string
		for i := range 40 {
			urls = append(urls, fmt.Sprintf("%s/%d", server.URL, i))
			switch i % 8 {
			case 1:
				urls = append(urls, server.URL+"/missing")
			case 2:
				urls = append(urls, "http://"+closed+"/")
			case 3:
				urls = append(urls, other.url("/silent"))
			case 4:
				urls = append(urls, server.URL+"/busy")
			case 5:
				urls = append(urls, other.url("/page"))
			}
		}
		o := fetch(t, opts, urls...)
		if o.summary.OK != 40 || o.summary.Classes[ClassHTTP4xx] != 5 || o.summary.Classes[ClassConnect] != 5 ||
			o.summary.Classes[ClassEmptyReply] != 5 || o.summary.Classes[ClassHTTP5xx] != 5 || o.summary.Classes[ClassNotImage] != 5 {
			t.Errorf("summary %+v", o.summary)
		}
		for _, r := range o.results {
			if r.Class == ClassConnect && (r.Status != StatusFailed || r.Attempts > opts.Retries+1) {
				t.Errorf("%+v", r)
			}
		}
		// On a busy machine, an error page may come too late to be read to its end,
		// which costs its connection. The first two error pages cost one anyhow, in each
		// process: they are asked for again on a new connection.
		doubted := 2
		if opts.Mode == Process {
			doubted *= opts.Workers
		}
		if server.connections > 2*opts.Workers+doubted {
			t.Errorf("%d connections to one host for %d workers", server.connections, opts.Workers)
		}
	})
}

// TestConnectionsAreKeptWhileIdle makes all connections idle at once, between two waves
// of images.
func TestConnectionsAreKeptWhileIdle(t *testing.T) {
	const n = 6
	opts := options(t, modeCase{Pool, n})
	server := startCounted(t, n)
	results := make(chan Result, 2*n)
	waves := func(yield func(Item, error) bool) {
		for i := range 2 * n {
			if i == n {
				for range n {
					<-results
				}
			}
			if !yield(Item{Index: i, Line: i + 1, URL: fmt.Sprintf("%s/%d", server.URL, i)}, nil) {
				return
			}
		}
	}
	deps := Deps{Observers: []Observer{ObserverFunc(func(r Result) { results <- r })}}
	if o := runIn(t.Context(), t, opts, deps, waves); o.summary.OK != 2*n || server.connections != n {
		t.Errorf("%+v, %d connections for %d workers", o.summary, server.connections, n)
	}
}

// closedPort returns an address that refuses connections.
func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// TestVersionsOfHTTP fetches many images from one host over TLS, one after another.
func TestVersionsOfHTTP(t *testing.T) {
	for _, c := range []struct {
		http1, http2 bool
		want         string
	}{{false, false, "HTTP/1.1"}, {true, false, "HTTP/1.1"}, {false, true, "HTTP/2.0"}} {
		server, opts := startServer(t, options(t, modeCase{Sequential, 1}), testserver.Options{})
		opts.HTTP1, opts.HTTP2 = c.http1, c.http2
		var urls []string
		for i := range 10 {
			urls = append(urls, fmt.Sprintf("https://a.test/image/%d.jpg", i))
		}
		fetch(t, opts, urls...)
		ledger := server.Ledger()
		if ledger.Connections != 1 || ledger.Requests[0].Proto != c.want {
			t.Errorf("%+v: %d connections, %s", c, ledger.Connections, ledger.Requests[0].Proto)
		}
	}
}

// TestUntrusted connects to a server whose authority nobody trusts. No byte of HTTP may
// reach it, unless the user allowed that.
func TestUntrusted(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server, opts := startServer(t, opts, testserver.Options{})
		stranger, _ := startServer(t, opts, testserver.Options{})
		opts.RootCAs = stranger.CA()
		o := fetch(t, opts, "https://a.test/image/1.jpg")
		expect(t, o.results[0], StatusFailed, ClassTLS, 1)
		if total := server.Ledger().Total; total != 0 {
			t.Errorf("%d requests", total)
		}
		opts.Insecure = true
		o = fetch(t, opts, "https://a.test/image/1.jpg")
		expect(t, o.results[0], StatusOK, "", 1)
	})
}
