package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// world is an executor without a network, for bubbles. What each host answers depends
// on the time since the start. It records the requests.
type world struct {
	began   time.Time
	latency time.Duration
	answer  func(host string, at time.Duration) *downloader.Error // nil: an image
	byURL   func(url string) *downloader.Error                    // if not nil, it answers
	opts    *downloader.Options

	mu     sync.Mutex
	ledger []visit
}

type visit struct {
	host, url string
	at        time.Duration
}

func (w *world) Do(ctx context.Context, j work.Job) work.Outcome {
	v := visit{j.Origin(), j.URL, time.Since(w.began)}
	w.mu.Lock()
	w.ledger = append(w.ledger, v)
	w.mu.Unlock()
	time.Sleep(w.latency)
	if w.byURL != nil {
		return w.outcome(j, w.latency, w.byURL(j.URL))
	}
	return w.outcome(j, w.latency, w.answer(v.host, v.at))
}

// outcome is that of an attempt that took so long and ended with err; nil: with an image.
func (w *world) outcome(j work.Job, took time.Duration, err *downloader.Error) work.Outcome {
	result := downloader.Result{Item: j.Item, Started: time.Now().Add(-j.Spent - took), Attempts: j.Attempts + 1}
	if err == nil {
		result.Status = downloader.StatusOK
		return work.Outcome{Result: result}
	}
	result.Fail(err)
	again := work.NoAnswer(err) && result.Attempts-j.Forgiven <= err.Retries(w.opts.Retries)
	wait := max(work.Backoff(w.opts.RetryMin, w.opts.RetryMax, result.Attempts, 0.5), err.RetryAfter)
	return work.Outcome{Result: result, Trouble: work.TroubleOf(err, again, wait)}
}

// visits returns the times of the requests to a host.
func (w *world) visits(host string) (at []time.Duration) {
	for _, v := range w.ledger {
		if v.host == host {
			at = append(at, v.at)
		}
	}
	return at
}

// settled is a result and the time when it came.
type settled struct {
	downloader.Result
	at time.Duration
}

// inWorld runs src through w in a bubble, once in sequential mode and twice in pool
// mode. It passes the results to check, in the order in which they came.
func inWorld(t *testing.T, build func() *world, src func(cancel func()) downloader.Source, check func(t *testing.T, w *world, results []settled, err error)) {
	for _, n := range []int{1, 4, 16} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := build()
				w.began = time.Now()
				w.opts = &downloader.Options{
					Workers: n, Retries: 4, RetryMin: 250 * time.Millisecond, RetryMax: 30 * time.Second,
					RetryAfterMax: 2 * time.Minute, Timeout: 5 * time.Minute,
				}
				stager, err := stage.New(t.TempDir(), false)
				if err != nil {
					t.Fatal(err)
				}
				defer stager.Close()
				r := newRun(w.opts, &Deps{Output: nowhere{}, Counters: &live.Counters{}}, stager)
				var results []settled
				var collecting sync.WaitGroup
				collecting.Go(func() {
					for result := range r.results {
						results = append(results, settled{result, time.Since(w.began)})
					}
				})
				taking, cancel := context.WithCancel(t.Context())
				defer cancel()
				if n == 1 {
					err = r.sequential(taking, t.Context(), src(cancel), w)
				} else {
					err = r.pool(taking, t.Context(), src(cancel), slices.Repeat([]work.Executor{w}, n))
				}
				close(r.results)
				collecting.Wait()
				check(t, w, results, err)
				seen := map[int]bool{}
				for _, result := range results {
					if seen[result.Index] {
						t.Errorf("index %d has two results", result.Index)
					}
					seen[result.Index] = true
				}
				if waiting := r.hosts.Waiting(); waiting != 0 {
					t.Errorf("%d tasks wait", waiting)
				}
			})
		})
	}
}

func urls(urls ...string) func(func()) downloader.Source {
	return func(func()) downloader.Source {
		return func(yield func(downloader.Item, error) bool) {
			for i, url := range urls {
				if !yield(downloader.Item{Index: i, URL: url}, nil) {
					return
				}
			}
		}
	}
}

// mixed returns a list of n images of each host, in turn.
func mixed(n int, hosts ...string) (list []string) {
	for i := range n {
		for _, host := range hosts {
			list = append(list, fmt.Sprintf("%s/%d.jpg", host, i))
		}
	}
	return list
}

var (
	errBusy    = &downloader.Error{Class: downloader.ClassHTTP5xx, Retry: downloader.RetryBudget, Err: errors.New("503 Service Unavailable")}
	errRefused = &downloader.Error{Class: downloader.ClassConnect, Reason: "connection refused"}
)

func allOK(t *testing.T, results []settled, n int) {
	t.Helper()
	for _, r := range results {
		if r.Status != downloader.StatusOK {
			t.Errorf("%s: %s (%s)", r.URL, r.Status, r.Error)
		}
	}
	if len(results) != n {
		t.Errorf("%d results, want %d", len(results), n)
	}
}
