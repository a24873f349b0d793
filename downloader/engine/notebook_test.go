package engine_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/live"
	"grab/testserver"
	"grab/testserver/ledger"
)

// These tests check the laws of docs/CONCURRENCY.md. A task is an image with a latency;
// its square is the SHA-256 of the image. The engine and the embedded server run in
// bubbles, over connections in memory. Only the latency takes time there, so times are
// exact.

const second = time.Second

// show runs src in a bubble, against an embedded server of its own.
func show(t *testing.T, opts Options, o testserver.Options, src Source) shown {
	t.Helper()
	server, err := testserver.New(o)
	if err != nil {
		t.Fatal(err)
	}
	network := &memory{conns: make(chan net.Conn), closed: make(chan struct{})}
	web := &http.Server{Handler: server}
	var serving sync.WaitGroup
	serving.Go(func() { web.Serve(network) })
	defer serving.Wait()
	defer web.Close()

	s := shown{began: time.Now()}
	opts.DialTo = "memory"
	deps := Deps{Observers: []Observer{ObserverFunc(func(r Result) {
		s.order = append(s.order, r.Index)
		s.came = append(s.came, time.Since(s.began))
	})}}
	over := func(d *Engine, ctx context.Context, src Source) (Summary, error) {
		return d.RunOver(ctx, src, network.dial)
	}
	s.outcome = runAs(over, t.Context(), t, opts, deps, src)
	s.ledger = server.Ledger()
	if s.err != nil || s.summary.OK != s.summary.Total || s.summary.OK == 0 {
		t.Fatalf("%+v, %v", s.summary, s.err)
	}
	s.checkSquares(t, o.Seed)
	return s
}

// shown is what there was to see of a run in a bubble.
type shown struct {
	outcome
	ledger ledger.Ledger
	began  time.Time
	order  []int           // in which the results came
	came   []time.Duration // when they did
}

// checkSquares checks that each file has the square of its own task, in whatever order
// they were done.
func (s shown) checkSquares(t *testing.T, seed int64) {
	t.Helper()
	for i, r := range s.results {
		image, err := testserver.Image(uri(r.URL), seed)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(image)
		if name := fmt.Sprintf("image_%d.jpg", i); r.File != name || r.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("task %d: %s with %s, want %s with %x", i, r.File, r.SHA256, name, sum)
		}
	}
}

// took checks that a run took exactly a time.
func (s shown) took(t *testing.T, want time.Duration) {
	t.Helper()
	if s.summary.Elapsed != want {
		t.Errorf("%s with %d workers took %v, want %v", s.summary.Mode, s.summary.Workers, s.summary.Elapsed, want)
	}
}

// waves returns how many requests for images the server got at each moment.
func (s shown) waves() map[time.Duration]int {
	n := map[time.Duration]int{}
	for _, r := range s.ledger.Requests {
		if r.Status == http.StatusOK {
			n[r.Started.Sub(s.began)]++
		}
	}
	return n
}

// ideal returns the time of list scheduling: each image goes to the worker that is free
// first.
func (s shown) ideal() time.Duration {
	free := make([]time.Duration, s.summary.Workers)
	for _, r := range s.results {
		slices.Sort(free)
		free[0] += time.Duration(r.Timing.Total*1e9 + 0.5)
	}
	return slices.Max(free)
}

// memory is a network in memory: it accepts what it dials.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (m *memory) dial() (net.Conn, error) {
	mine, theirs := net.Pipe()
	m.conns <- theirs
	return mine, nil
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error { close(m.closed); return nil }

func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

// tasks returns a list of n small images.
func tasks(n int) (urls []string) {
	for i := range n {
		urls = append(urls, fmt.Sprintf("http://grab.test/image/%d.jpg?w=16&h=16", i))
	}
	return urls
}

// TestNotebookJoin is "start, then join": a bare loop hands over a task and gets it
// back when it is done. The file is there when the caller goes on.
func TestNotebookJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts, began := options(t, modeCase{Sequential, 1}), time.Now()
		s := show(t, opts, testserver.Options{Latency: second}, func(yield func(Item, error) bool) {
			yield(Item{URL: tasks(1)[0], Line: 1}, nil)
			if at := time.Since(began); at != second || !exists(opts.Dir, "image_0.jpg") {
				t.Errorf("the caller went on at %v; the file was there: %v", at, exists(opts.Dir, "image_0.jpg"))
			}
		})
		s.took(t, second)
	})
}

// TestNotebookBackground is "start, no join": a pool takes the task, and its caller
// goes on at once. Run does not return before the task is done.
func TestNotebookBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opts, began := options(t, modeCase{Pool, 1}), time.Now()
		s := show(t, opts, testserver.Options{Latency: second}, func(yield func(Item, error) bool) {
			yield(Item{URL: tasks(1)[0], Line: 1}, nil)
			if at := time.Since(began); at != 0 || exists(opts.Dir, "image_0.jpg") {
				t.Errorf("the caller went on at %v; the file was there: %v", at, exists(opts.Dir, "image_0.jpg"))
			}
		})
		s.took(t, second)
		if !exists(opts.Dir, "image_0.jpg") {
			t.Error("Run returned, and the file is not there")
		}
	})
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

// TestNotebookInterleaving has two workers with five tasks each. Both make progress in
// every second.
func TestNotebookInterleaving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		two := show(t, options(t, modeCase{Pool, 2}), testserver.Options{Latency: second}, lines(tasks(10)...))
		two.took(t, 5*second)
		if got, want := two.waves(), (map[time.Duration]int{0: 2, second: 2, 2 * second: 2, 3 * second: 2, 4 * second: 2}); !maps.Equal(got, want) {
			t.Errorf("asked for %v, want %v", got, want)
		}
		show(t, options(t, modeCase{Sequential, 1}), testserver.Options{Latency: second}, lines(tasks(10)...)).took(t, 10*second)
	})
}

// TestNotebookCounter has two workers count 200,000 tasks.
func TestNotebookCounter(t *testing.T) {
	const n = 200_000
	var counters live.Counters
	opts := options(t, modeCase{Pool, 2})
	opts.Dir = t.TempDir()
	d, err := New(opts, Deps{Output: shelf{}, Counters: &counters})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := d.RunBy(t.Context(), func(yield func(Item, error) bool) {
		for i := range n {
			if !yield(Item{Index: i, URL: "http://a.test/"}, nil) {
				return
			}
		}
	}, func(item Item) Result { return Result{Item: item, Status: StatusOK} })
	if err != nil || summary.OK != n || counters.OK.Load() != n || counters.InFlight.Load() != 0 || len(counters.Flights()) != 0 {
		t.Errorf("%d in the summary, %d counted, %d in flight: %v, %v", summary.OK, counters.OK.Load(), counters.InFlight.Load(), counters.Flights(), err)
	}
}

// shelf is a Sink for results without files.
type shelf struct{}

func (shelf) Put(context.Context, Staged) (Placed, error) { return Placed{File: "x"}, nil }

func (shelf) Holds(context.Context, Earlier, bool) bool { return false }

func (shelf) Remove(string) error { return nil }

// TestNotebookProducer has a list that brings a URL a second, and one worker that is
// always ready. The order stays the same, and the end of the list ends the run.
func TestNotebookProducer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := show(t, options(t, modeCase{Pool, 1}), testserver.Options{}, func(yield func(Item, error) bool) {
			for i, url := range tasks(5) {
				time.Sleep(second)
				if !yield(Item{Index: i, Line: i + 1, URL: url}, nil) {
					return
				}
			}
		})
		s.took(t, 5*second)
		if !slices.Equal(s.order, []int{0, 1, 2, 3, 4}) || !slices.Equal(s.came, []time.Duration{second, 2 * second, 3 * second, 4 * second, 5 * second}) {
			t.Errorf("consumed %v at %v", s.order, s.came)
		}
	})
}

// TestNotebookConsumer has a list that is there at once, and tasks that take a second.
// The list is read only as far as the queue has room.
func TestNotebookConsumer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var read []time.Duration
		s := show(t, options(t, modeCase{Pool, 1}), testserver.Options{Latency: second}, func(yield func(Item, error) bool) {
			for i, url := range tasks(6) {
				read = append(read, time.Since(began))
				if !yield(Item{Index: i, Line: i + 1, URL: url}, nil) {
					return
				}
			}
		})
		s.took(t, 6*second)
		// One task is with the worker, one in the queue, one with the producer.
		if want := []time.Duration{0, 0, 0, second, 2 * second, 3 * second}; !slices.Equal(read, want) || !slices.Equal(s.order, []int{0, 1, 2, 3, 4, 5}) {
			t.Errorf("read at %v, want %v; consumed %v", read, want, s.order)
		}
	})
}

// TestNotebookMap maps five tasks over three workers. The squares are in the order of
// the list (show checks them), even if the tasks are done in another.
func TestNotebookMap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		show(t, options(t, modeCase{Pool, 3}), testserver.Options{Latency: second}, lines(tasks(5)...)).took(t, 2*second)
		s := show(t, options(t, modeCase{Pool, 3}), testserver.Options{Latency: second, Jitter: second / 2}, lines(tasks(5)...))
		s.took(t, s.ideal())
		if slices.IsSorted(s.order) {
			t.Errorf("done in the order %v, which shows nothing", s.order)
		}
	})
}

// TestNotebookWaves has a hundred tasks, and too few workers or enough.
func TestNotebookWaves(t *testing.T) {
	for workers, waves := range map[int]int{1: 100, 3: 34, 100: 1} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := show(t, options(t, modeCase{Pool, workers}), testserver.Options{Latency: second}, lines(tasks(100)...))
				s.took(t, time.Duration(waves)*second)
				s.took(t, s.ideal())
				asked := s.waves()
				for i := range waves {
					if got, want := asked[time.Duration(i)*second], min(workers, 100-i*workers); got != want {
						t.Errorf("wave %d: %d images, want %d", i, got, want)
					}
				}
				if s.ledger.PeakInFlight != workers || len(asked) != waves {
					t.Errorf("%d at a time, in %d waves", s.ledger.PeakInFlight, len(asked))
				}
			})
		})
	}
}

// TestNotebookDownloads is the experiment that the notebook ends with: its five URLs,
// 1.85 s each.
func TestNotebookDownloads(t *testing.T) {
	var urls []string
	for i := range 5 {
		urls = append(urls, fmt.Sprintf("http://picsum.photos/200/%d", 300+i))
	}
	synctest.Test(t, func(t *testing.T) {
		latency := testserver.Options{Latency: 1850 * time.Millisecond}
		show(t, options(t, modeCase{Sequential, 1}), latency, lines(urls...)).took(t, 9250*time.Millisecond)
		show(t, options(t, modeCase{Pool, 3}), latency, lines(urls...)).took(t, 3700*time.Millisecond)

		// The notebook's pool printed 2 0 1 3 4. Three workers finish in the order of
		// their servers' answers, but the files have the order of the list.
		latency.Jitter, latency.Seed = 300*time.Millisecond, 3
		s := show(t, options(t, modeCase{Pool, 3}), latency, lines(urls...))
		if s.took(t, s.ideal()); !slices.Equal(s.order, []int{2, 0, 1, 3, 4}) {
			t.Errorf("done in the order %v", s.order)
		}
	})
}

// turnstile lets requests in only in groups of size.
type turnstile struct {
	http.Handler
	size int

	mu      sync.Mutex
	waiting int
	full    chan struct{} // closed: those who wait may go
	turns   int
	inside  int
	most    int // inside at one time
}

func (s *turnstile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.waiting++
	s.inside++
	s.most = max(s.most, s.inside)
	full := s.full
	if s.waiting == s.size {
		close(full)
		s.waiting, s.full = 0, make(chan struct{})
		s.turns++
	}
	s.mu.Unlock()
	select {
	case <-full:
		s.Handler.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
	s.mu.Lock()
	s.inside--
	s.mu.Unlock()
}

// TestNotebookProcesses has six tasks and three children, which do not live by the
// bubble's clock. So the server makes the waves: it answers nobody before three have
// asked.
func TestNotebookProcesses(t *testing.T) {
	images, err := testserver.New(testserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	waves := &turnstile{Handler: images, size: 3, full: make(chan struct{})}
	server := httptest.NewServer(waves)
	defer server.Close()
	var urls []string
	for _, url := range tasks(6) {
		urls = append(urls, server.URL+uri(url))
	}
	s := shown{outcome: fetch(t, options(t, modeCase{Process, 3}), urls...)}
	s.checkSquares(t, 0)
	if s.summary.OK != 6 || waves.turns != 2 || waves.most != 3 || images.Ledger().Total != 6 {
		t.Errorf("%+v, %d waves of up to %d, %d requests", s.summary, waves.turns, waves.most, images.Ledger().Total)
	}
}

// TestNotebookBrokenPool has children that die at their work, or before it. Each image,
// or the run, reports that failure.
func TestNotebookBrokenPool(t *testing.T) {
	o := runIn(t.Context(), t, options(t, modeCase{Process, 3}), Deps{WorkerCommand: childCommand("die-at-job")}, lines(tasks(6)...))
	if o.err != nil || o.summary.Failed != 6 || o.summary.Classes[ClassWorkerLost] != 6 || o.summary.Complete() {
		t.Errorf("%+v, %v", o.summary, o.err)
	}
	for _, r := range o.results {
		expect(t, r, StatusFailed, ClassWorkerLost, 0)
		if !strings.Contains(r.Error, "exit status 4") || !strings.Contains(r.Error, "last words") {
			t.Errorf("%s: the error %q does not say how the children died", r.URL, r.Error)
		}
	}
	o = runIn(t.Context(), t, options(t, modeCase{Process, 3}), Deps{WorkerCommand: childCommand("die-at-start")}, lines(tasks(6)...))
	if !errors.Is(o.err, ClassWorkerLost) || o.summary.Total != 0 {
		t.Errorf("%+v, %v", o.summary, o.err)
	}
}
