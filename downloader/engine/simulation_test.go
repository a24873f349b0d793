//go:build simulation

package engine

import (
	"context"
	"flag"
	"fmt"
	"hash/maphash"
	"math"
	"math/rand/v2"
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

var (
	simImages = flag.Int("images", 1_000_000, "images in the list")
	simHosts  = flag.Int("hosts", 100_000, "hosts in the list")
)

// TestSimulation runs a list as data sets have them: a heavy tail of hosts, 30 % of them
// dead. Of those, some refuse connections, some never answer, and some answer with errors.
// It prints how busy the workers were with good images, and what was asked for in vain.
//
//	go test -tags simulation -run TestSimulation -v ./downloader/engine
func TestSimulation(t *testing.T) {
	const workers = 256
	synctest.Test(t, func(t *testing.T) {
		seed := maphash.MakeSeed()
		kind := func(host string) uint64 { return maphash.String(seed, host) % 100 }
		w := &world{began: time.Now(), opts: &downloader.Options{
			Workers: workers, Retries: 4, RetryMin: 250 * time.Millisecond, RetryMax: 30 * time.Second,
			RetryAfterMax: 2 * time.Minute, Timeout: 5 * time.Minute, Every: 50 * time.Millisecond,
		}}
		var mu sync.Mutex
		var useful, wasted time.Duration
		var lastGood time.Duration
		requests, inVain := 0, 0
		next := map[string]time.Duration{}
		overshoot := time.Duration(0)
		do := simulated(func(ctx context.Context, j work.Job) work.Outcome {
			host, began := j.Origin(), time.Since(w.began)
			took, err := 200*time.Millisecond, (*downloader.Error)(nil)
			switch k := kind(host); {
			case k < 15:
				took, err = 50*time.Millisecond, errRefused
			case k < 25:
				took, err = 10*time.Second, &downloader.Error{Class: downloader.ClassTimeoutConnect, Reason: "no answer"}
			case k < 30:
				err = errBusy
			}
			time.Sleep(took)
			mu.Lock()
			defer mu.Unlock()
			requests++
			if soon := next[host] - began; soon > overshoot {
				overshoot = soon
			}
			next[host] = began + w.opts.Every
			if err != nil {
				inVain++
				wasted += took
			} else {
				useful += took
				lastGood = time.Since(w.began)
			}
			return w.outcome(j, took, err)
		})
		stager, err := stage.New(t.TempDir(), false)
		if err != nil {
			t.Fatal(err)
		}
		defer stager.Close()
		r := newRun(w.opts, &Deps{Output: nowhere{}, Counters: &live.Counters{}}, stager)
		counts := map[downloader.Status]int{}
		var collecting sync.WaitGroup
		collecting.Go(func() {
			for result := range r.results {
				counts[result.Status]++
				if good := kind(result.Origin()) >= 30; good != (result.Status == downloader.StatusOK) {
					t.Errorf("%s: %s (%s)", result.URL, result.Status, result.Error)
				}
			}
		})
		random := rand.New(rand.NewPCG(1, 2))
		src := func(yield func(downloader.Item, error) bool) {
			for i := range *simImages {
				host := int(math.Pow(random.Float64(), 2) * float64(*simHosts)) // the first hosts have the most
				if !yield(downloader.Item{Index: i, URL: fmt.Sprintf("http://h%d.test/%d.jpg", host, i)}, nil) {
					return
				}
			}
		}
		if err := r.pool(t.Context(), t.Context(), src, slices.Repeat([]work.Executor{do}, workers)); err != nil {
			t.Error(err)
		}
		close(r.results)
		collecting.Wait()
		took := time.Since(w.began)
		t.Logf("%d images of %d hosts, %d workers: %v; the last good image after %v", *simImages, *simHosts, workers, took, lastGood)
		t.Logf("%v", counts)
		t.Logf("workers busy with good images until the last: %.1f %%", 100*useful.Seconds()/(lastGood.Seconds()*workers))
		t.Logf("requests: %d, in vain: %d (%.1f %%), which took %.1f %% of the workers' time", requests, inVain,
			100*float64(inVain)/float64(requests), 100*wasted.Seconds()/(took.Seconds()*workers))
		t.Logf("a request came before its time by at most %v", overshoot)
	})
}

// simulated is an executor that is a function.
type simulated func(context.Context, work.Job) work.Outcome

// Do implements [work.Executor].
func (f simulated) Do(ctx context.Context, j work.Job) work.Outcome { return f(ctx, j) }
