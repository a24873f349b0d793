package hosts

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/queues/queuestest"
	"grab/downloader/internal/work"
)

// server answers requests for images of one host. refuses says whether it turns one away.
type server struct {
	latency time.Duration
	status  int // of an image that is turned away
	refuses func(image int, open int, now time.Time) bool
}

// ration is a limit of requests: each takes the time of one, and those that come too early
// by more than burst requests are turned away.
func ration(rate float64, burst int) func(int, int, time.Time) bool {
	var next time.Time
	each := time.Duration(float64(time.Second) / rate)
	return func(_, _ int, now time.Time) bool {
		if next.Sub(now) > time.Duration(burst)*each {
			return true
		}
		if now.After(next) {
			next = now
		}
		next = next.Add(each)
		return false
	}
}

// crowd turns away what exceeds a number of open requests.
func crowd(most int) func(int, int, time.Time) bool {
	return func(_, open int, _ time.Time) bool { return open > most }
}

// broken turns away a share of the images, always the same.
func broken(share float64) func(int, int, time.Time) bool {
	return func(image, _ int, _ time.Time) bool {
		return rand.New(rand.NewPCG(uint64(image), 1)).Float64() < share
	}
}

// moody turns away a share of all requests.
func moody(share float64) func(int, int, time.Time) bool {
	r := rand.New(rand.NewPCG(1, 2))
	return func(int, int, time.Time) bool { return r.Float64() < share }
}

func (s server) class() downloader.Class {
	if s.status == http.StatusTooManyRequests {
		return downloader.ClassRateLimited
	}
	return downloader.ClassHTTP5xx
}

type played struct {
	requests, ok int
	took         time.Duration
}

// play fetches images of one server with workers, in simulated time.
func play(t *testing.T, workers, images int, s server) (p played) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := New(&downloader.Options{
			Workers: workers, Retries: 3, RetryMin: 100 * time.Millisecond, RetryMax: 30 * time.Second, RetryAfterMax: 2 * time.Minute,
		}, func() (queues.Storage, error) { return &queuestest.Memory{}, nil }, false)
		for i := range images {
			add(t, g, "a", i)
		}
		g.FinishList()
		began, open := time.Now(), 0
		var mu sync.Mutex
		var done sync.WaitGroup
		for range workers {
			done.Go(func() {
				for task, end := g.Next(); task != nil; task, end = g.Next() {
					if end != nil {
						g.Done()
						continue
					}
					mu.Lock()
					p.requests++
					open++
					refused := s.refuses(task.Item.Index, open, time.Now())
					mu.Unlock()
					if refused {
						time.Sleep(time.Millisecond)
					} else {
						time.Sleep(s.latency)
					}
					mu.Lock()
					open--
					outcome := &work.Outcome{Result: downloader.Result{Item: task.Item, Status: downloader.StatusOK, Attempts: task.Attempts + 1}}
					if refused {
						outcome.Result.Status, outcome.Result.Class, outcome.Result.HTTPStatus = downloader.StatusFailed, s.class(), s.status
						tries := task.Attempts + 1 - task.Forgiven
						outcome.Trouble = &work.Trouble{OfHost: true, Again: tries <= 3, Wait: work.Backoff(100*time.Millisecond, 30*time.Second, tries, rand.Float64())}
					} else {
						p.ok++
					}
					mu.Unlock()
					if again, _ := g.Finished(task, outcome); !again {
						g.Done()
					}
				}
			})
		}
		done.Wait()
		p.took = time.Since(began)
	})
	return p
}

// TestPace plays hosts that limit their clients: each image must come, with few requests in
// vain. Others turn images away for reasons of their own: their good images must not wait
// long for them.
func TestPace(t *testing.T) {
	const images = 200
	type refuses = func(image, open int, now time.Time) bool
	for _, c := range []struct {
		name    string
		refuses func() refuses
		limit   bool
		most    time.Duration // the whole run takes
	}{
		{"200 a second", func() refuses { return ration(200, 5) }, true, 41 * time.Second},
		{"20 a second", func() refuses { return ration(20, 0) }, true, 41 * time.Second},
		{"20 a second, bursts of 20", func() refuses { return ration(20, 20) }, true, 41 * time.Second},
		{"5 a second", func() refuses { return ration(5, 0) }, true, 2 * time.Minute},
		{"one a second", func() refuses { return ration(1, 0) }, true, 10 * time.Minute},
		{"one in two seconds", func() refuses { return ration(0.5, 0) }, true, 20 * time.Minute},
		{"two at once", func() refuses { return crowd(2) }, true, 41 * time.Second},
		{"one image in five", func() refuses { return broken(0.2) }, false, 4 * time.Minute},
		{"half of the images", func() refuses { return broken(0.5) }, false, 30 * time.Minute},
		{"one request in five", func() refuses { return moody(0.2) }, false, time.Minute},
		{"half of the requests", func() refuses { return moody(0.5) }, false, 30 * time.Minute},
	} {
		for _, workers := range []int{1, 16} {
			for _, latency := range []time.Duration{2 * time.Millisecond, 100 * time.Millisecond} {
				p := play(t, workers, images, server{latency, http.StatusServiceUnavailable, c.refuses()})
				what := fmt.Sprintf("%s, %d workers, %v each", c.name, workers, latency)
				if p.took > c.most {
					t.Errorf("%s: took %v, want at most %v", what, p.took, c.most)
				}
				if c.limit && (p.ok != images || p.requests > images*3/2) {
					t.Errorf("%s: %d of %d images, %d requests", what, p.ok, images, p.requests)
				}
				if c.limit {
					p = play(t, workers, images, server{latency, http.StatusTooManyRequests, c.refuses()})
				}
				if c.limit && (p.ok != images || p.requests > images*3/2) {
					t.Errorf("%s, with a status that says so: %d of %d images, %d requests", what, p.ok, images, p.requests)
				}
			}
		}
	}
}

// TestLongerGaps has a host that delivers nothing. The longest gap grows fourfold each time,
// up to the longest of all.
func TestLongerGaps(t *testing.T) {
	var p trial
	for range trialFirst {
		p.count(time.Time{}, false)
	}
	for _, want := range []time.Duration{320 * time.Millisecond, 1280 * time.Millisecond, 2560 * time.Millisecond, 2560 * time.Millisecond} {
		if got := p.wider(time.Hour); got != want {
			t.Errorf("the longest gap is %v, want %v", got, want)
		}
		for range trialNext {
			p.count(time.Time{}, false)
		}
	}
}
