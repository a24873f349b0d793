package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/list"
	"grab/testserver"
)

// gate is a server that sends half of each picture, reports that, and sends the rest
// when it is opened.
type gate struct {
	*httptest.Server
	half     chan struct{} // one for each half
	open     chan struct{} // closed: send the rest
	requests atomic.Int32
}

func startGate(t *testing.T) *gate {
	g := &gate{half: make(chan struct{}, 100), open: make(chan struct{})}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.requests.Add(1)
		w.Header().Set("Content-Length", fmt.Sprint(len(large())))
		w.Write(large()[:len(large())/2])
		w.(http.Flusher).Flush()
		g.half <- struct{}{}
		select {
		case <-g.open:
			w.Write(large()[len(large())/2:])
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(g.Close)
	return g
}

// large is a picture of several buffers, so that half of it is in a file already.
var large = sync.OnceValue(func() []byte {
	data, err := testserver.Image("/image/3.jpg?bytes=500000", seed)
	if err != nil {
		panic(err)
	}
	return data
})

func (g *gate) list(n int) Source {
	var urls []string
	for i := range n {
		urls = append(urls, fmt.Sprintf("%s/%d", g.URL, i))
	}
	return lines(urls...)
}

// wait returns when n pictures are half sent.
func (g *gate) wait(n int) {
	for range n {
		<-g.half
	}
}

// TestInterruptedInFlight checks that images in flight finish, and that there are no
// more requests.
func TestInterruptedInFlight(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		g := startGate(t)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			g.wait(opts.Workers)
			cancel()
			close(g.open)
		}()
		o := runIn(ctx, t, opts, Deps{}, g.list(100))
		if o.err != nil {
			t.Errorf("an interrupt is no error: %v", o.err)
		}
		if o.summary.OK != opts.Workers || int(g.requests.Load()) != opts.Workers || o.summary.Failed != 0 {
			t.Errorf("%+v, %d requests", o.summary, g.requests.Load())
		}
		if o.summary.Total > 2*opts.Workers+1 {
			t.Errorf("%d items were taken from the list", o.summary.Total)
		}
	})
}

// TestInterruptedWithoutGrace checks that images in flight are given up without a
// trace.
func TestInterruptedWithoutGrace(t *testing.T) {
	for _, grace := range []time.Duration{0, time.Millisecond} {
		t.Run(grace.String(), func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				opts.Grace = grace
				g := startGate(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go func() {
					g.wait(opts.Workers)
					cancel()
				}()
				o := runIn(ctx, t, opts, Deps{}, g.list(100))
				if o.err != nil || o.summary.Canceled != o.summary.Total || o.summary.Total < opts.Workers || o.summary.Complete() {
					t.Errorf("%+v, %v", o.summary, o.err)
				}
				for _, r := range o.results {
					if r.Class != ClassCanceled || r.Status != StatusCanceled {
						t.Errorf("%+v", r)
					}
				}
			})
		})
	}
}

// TestInterruptedBetweenAttempts interrupts a wait for the next attempt that is longer
// than any test may take.
func TestInterruptedBetweenAttempts(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.RetryMin, opts.RetryMax, opts.Timeout = time.Hour, time.Hour, 0
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		server := startScripts(t, map[string]script{"/x": func(c conn, _ int) {
			fmt.Fprint(c, reply("503 Service Unavailable", ""))
			c.Close()
			cancel()
		}})
		o := runIn(ctx, t, opts, Deps{}, lines(server.url("/x")))
		if n := len(server.asked("/x")); n != 1 || o.err != nil {
			t.Errorf("%d requests, %v", n, o.err)
		}
		expect(t, o.results[0], StatusCanceled, ClassCanceled, 1)
		if !strings.Contains(o.results[0].Error, "503") {
			t.Errorf("the error %q does not say what the last attempt met", o.results[0].Error)
		}
	})
}

// TestNothingBeginsAfterAnInterrupt interrupts just before an item is read. There must
// be no request for it, however the goroutines race.
func TestNothingBeginsAfterAnInterrupt(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server, opts := startServer(t, opts, testserver.Options{})
		for i := range 10 {
			opts.Dir = t.TempDir()
			ctx, cancel := context.WithCancel(t.Context())
			o := runIn(ctx, t, opts, Deps{}, func(yield func(Item, error) bool) {
				if yield(Item{Index: 0, Line: 1, URL: testserver.ImageURL(i)}, nil) {
					cancel()
					yield(Item{Index: 1, Line: 2, URL: "http://grab.test/image/999.jpg"}, nil)
				}
			})
			if n := server.Ledger().Count("/image/999.jpg"); n > 0 || o.err != nil {
				t.Fatalf("run %d: %d requests, %v", i, n, o.err)
			}
		}
	})
}

// TestInterruptedBeforeTheStart checks that nothing is taken from the list, and that
// there is no error.
func TestInterruptedBeforeTheStart(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		o := runIn(ctx, t, opts, Deps{}, func(func(Item, error) bool) { t.Error("the list was read") })
		if o.err != nil || o.summary.Total != 0 {
			t.Errorf("%+v, %v", o.summary, o.err)
		}
	})
}

// pipeList is a list that comes through a pipe, opened by list.Open. The test can write
// more to it.
func pipeList(t *testing.T, ctx context.Context) (src Source, w *os.File) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	src, done, err := list.Open(ctx, []string{"-"}, r, list.List{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { done(); w.Close(); r.Close() })
	return src, w
}

// TestInterruptedWhileTheListIsSilent interrupts a run that waits for a line.
func TestInterruptedWhileTheListIsSilent(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{"/x": says(wholeReply)})
		ctx, cancel := context.WithCancel(t.Context())
		src, w := pipeList(t, ctx)
		fmt.Fprintln(w, server.url("/x"))
		deps := Deps{Observers: []Observer{ObserverFunc(func(Result) { cancel() })}}
		if o := runIn(ctx, t, opts, deps, src); o.summary.OK != 1 || o.summary.Total != 1 || o.err != nil {
			t.Errorf("%+v, %v", o.summary, o.err)
		}
	})
}

// TestInterruptedInMidLine interrupts a run when half a URL of its list has come. Half
// a URL is no entry.
func TestInterruptedInMidLine(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{"/x": says(wholeReply), "/x/hal": says(wholeReply)})
		ctx, cancel := context.WithCancel(t.Context())
		src, w := pipeList(t, ctx)
		fmt.Fprint(w, server.url("/x")+"\n"+server.url("/x/hal"))
		deps := Deps{Observers: []Observer{ObserverFunc(func(Result) { cancel() })}}
		if o := runIn(ctx, t, opts, deps, src); len(o.results) != 1 || o.err != nil {
			t.Errorf("%+v, %v", o.results, o.err)
		}
	})
}

// TestListGivenUp breaks a run while its list still comes through a pipe. The goroutine
// that reads the pipe must end.
func TestListGivenUp(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	opts := options(t, modeCase{Pool, 2})
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	src, done, err := list.Open(context.Background(), []string{"-"}, r, list.List{})
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan struct{})
	go func() { // more than is read ahead
		defer close(written)
		io.WriteString(w, strings.Repeat("word\n", 50_000))
		w.Close()
	}()
	full := errors.New("no more")
	o := runIn(t.Context(), t, opts, Deps{Observers: []Observer{flusher{full}}}, src)
	if !errors.Is(o.err, full) || o.summary.Total == 50_000 {
		t.Errorf("%+v, %v", o.summary, o.err)
	}
	done()
	r.Close()
	<-written
}

// TestDeadline checks the limit for one image with all its attempts.
func TestDeadline(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Timeout = 300 * time.Millisecond
		opts.RetryMin, opts.RetryMax = time.Hour, time.Hour
		server := startScripts(t, map[string]script{
			"/busy": says(reply("503 Service Unavailable", "")), "/silent": holds(""), "/half": holds(wholeReply[:len(wholeReply)/2]),
		})
		o := fetch(t, opts, server.url("/busy"), server.url("/silent"), server.url("/half"))
		for _, r := range o.results {
			expect(t, r, StatusFailed, ClassDeadline, 1)
			if !strings.Contains(r.Error, "300ms") {
				t.Errorf("the error %q does not say how long", r.Error)
			}
		}
	})
}
