package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/hosts"
)

// TestRetryAfterHoldsItsHost checks that a host is left alone for as long as it asked,
// while another host's images are fetched.
func TestRetryAfterHoldsItsHost(t *testing.T) {
	inWorld(t, func() *world {
		return &world{latency: 10 * time.Millisecond, answer: func(host string, at time.Duration) *downloader.Error {
			if host == "http://a.test" && at < time.Minute {
				return &downloader.Error{Class: downloader.ClassHTTP5xx, Retry: downloader.RetryBudget, RetryAfter: time.Minute,
					Err: errors.New("503 Service Unavailable")}
			}
			return nil
		}}
	}, urls(mixed(20, "http://a.test", "http://b.test")...), func(t *testing.T, w *world, results []settled, _ error) {
		allOK(t, results, 40)
		var early, probes int
		var first time.Duration // request after the wait
		for _, at := range w.visits("http://a.test") {
			switch {
			case at <= 10*time.Millisecond:
				early++ // before the first answer was heard
			case at < time.Minute+10*time.Millisecond:
				t.Errorf("asked after %v", at)
			case first == 0:
				first, probes = at, 1
			case at < first+10*time.Millisecond:
				probes++
			}
		}
		if early > 2*w.opts.Workers || probes != 1 {
			t.Errorf("%d requests at first, %d before the probe had its answer", early, probes)
		}
		if others := w.visits("http://b.test"); len(others) != 20 || others[19] > time.Second {
			t.Errorf("the other host was asked at %v", others)
		}
	})
}

// TestOutage has a host that delivers, and then is away for a minute. None of its images
// is lost, and it gets about a request a second meanwhile.
func TestOutage(t *testing.T) {
	for _, failure := range []*downloader.Error{errBusy, errRefused} {
		inWorld(t, func() *world {
			return &world{latency: time.Millisecond, answer: func(_ string, at time.Duration) *downloader.Error {
				if at > 2*time.Millisecond && at < time.Minute {
					return failure
				}
				return nil
			}}
		}, urls(mixed(100, "http://a.test")...), func(t *testing.T, w *world, results []settled, _ error) {
			allOK(t, results, 100)
			attempts := 0
			for _, r := range results {
				attempts += r.Attempts
			}
			if attempts != len(w.ledger) || attempts > 100+hosts.BrokenAfter+80 {
				t.Errorf("the results say %d attempts, there were %d", attempts, len(w.ledger))
			}
		})
	}
}

// TestDeadHost checks that a dead host is given up after a while, with images that were
// never tried. Those of the other host do not wait for that.
func TestDeadHost(t *testing.T) {
	inWorld(t, func() *world {
		return &world{latency: time.Millisecond, answer: func(host string, _ time.Duration) *downloader.Error {
			if host == "http://dead.test" {
				return errRefused
			}
			return nil
		}}
	}, urls(mixed(3000, "http://dead.test", "http://b.test")...), func(t *testing.T, w *world, results []settled, _ error) {
		untried := 0
		for _, r := range results {
			if strings.Contains(r.URL, "b.test") {
				if r.Status != downloader.StatusOK || r.at > 10*time.Second {
					t.Errorf("%s: %s at %v", r.URL, r.Status, r.at)
				}
				continue
			}
			if r.Class != downloader.ClassConnect || r.at > 3*time.Minute || !strings.Contains(r.Error, "connection refused") {
				t.Errorf("%s: class %q at %v (%s)", r.URL, r.Class, r.at, r.Error)
			}
			if r.Attempts == 0 && strings.HasPrefix(r.Error, "not tried: http://dead.test failed ") {
				untried++
			}
		}
		if asked := len(w.visits("http://dead.test")); asked > 100 || untried < 2900 || len(results) != 6000 {
			t.Errorf("%d requests, %d images not tried, %d results", asked, untried, len(results))
		}
	})
}

// TestManyHostsOneEvil compares the time of the good hosts with a run without the evil
// one.
func TestManyHostsOneEvil(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf("http://h%d.test", i))
	}
	last := map[bool]map[int]time.Duration{false: {}, true: {}}
	for _, evil := range []bool{false, true} {
		inWorld(t, func() *world {
			return &world{latency: 50 * time.Millisecond, answer: func(host string, _ time.Duration) *downloader.Error {
				if evil && host == "http://h7.test" {
					return errBusy
				}
				return nil
			}}
		}, urls(mixed(10, names...)...), func(t *testing.T, w *world, results []settled, _ error) {
			for _, r := range results {
				if r.Status == downloader.StatusOK {
					last[evil][w.opts.Workers] = max(last[evil][w.opts.Workers], r.at)
				} else if r.Origin() != "http://h7.test" {
					t.Errorf("%s: %s", r.URL, r.Error)
				}
			}
		})
	}
	for n, clean := range last[false] {
		if with := last[true][n]; with > clean*11/10 {
			t.Errorf("%d workers: the others took %v beside an evil host, %v without", n, with, clean)
		}
	}
}

// TestInterruptWhileHeld checks that an interrupt ends all waiting images at once.
func TestInterruptWhileHeld(t *testing.T) {
	inWorld(t, func() *world {
		return &world{answer: func(string, time.Duration) *downloader.Error {
			return &downloader.Error{Class: downloader.ClassRateLimited, RetryAfter: time.Minute, Err: errors.New("429 Too Many Requests")}
		}}
	}, func(cancel func()) downloader.Source {
		time.AfterFunc(10*time.Second, cancel)
		return urls(mixed(50, "http://a.test")...)(nil)
	}, func(t *testing.T, w *world, results []settled, _ error) {
		attempts := 0
		for _, r := range results {
			attempts += r.Attempts
			if r.Status != downloader.StatusCanceled || r.at != 10*time.Second || (r.Attempts > 0) != strings.Contains(r.Error, "429") {
				t.Errorf("%s: %s at %v after %d attempts (%s)", r.URL, r.Status, r.at, r.Attempts, r.Error)
			}
		}
		if len(results) != 50 || attempts != len(w.ledger) {
			t.Errorf("%d results with %d attempts, %d requests", len(results), attempts, len(w.ledger))
		}
	})
}

// TestDeadlineWhileHeld checks that -timeout ends each image that was begun, wherever
// it waits.
func TestDeadlineWhileHeld(t *testing.T) {
	inWorld(t, func() *world {
		return &world{latency: time.Second, answer: func(_ string, at time.Duration) *downloader.Error {
			if at < 110*time.Second {
				return &downloader.Error{Class: downloader.ClassRateLimited, RetryAfter: 110 * time.Second, Err: errors.New("429 Too Many Requests")}
			}
			return nil
		}}
	}, func(func()) downloader.Source { return urls(mixed(6, "http://a.test")...)(nil) }, func(t *testing.T, w *world, results []settled, _ error) {
		allOK(t, results, 6)
	})
	inWorld(t, func() *world {
		return &world{latency: time.Second, answer: func(string, time.Duration) *downloader.Error {
			return &downloader.Error{Class: downloader.ClassRateLimited, RetryAfter: 110 * time.Second, Err: errors.New("429 Too Many Requests")}
		}}
	}, urls(mixed(3, "http://a.test")...), func(t *testing.T, w *world, results []settled, _ error) {
		for _, r := range results {
			if limit := 5 * time.Minute.Seconds(); r.Class == downloader.ClassDeadline && r.Timing.Total != limit || r.Status != downloader.StatusFailed || r.Timing.Total > limit {
				t.Errorf("%s: class %q after %v s (%s)", r.URL, r.Class, r.Timing.Total, r.Error)
			}
		}
	})
}

// TestSlowListDelaysNothing has minutes between two entries. In pool mode, waiting
// images do not wait for the list.
func TestSlowListDelaysNothing(t *testing.T) {
	broken := errors.New("no more")
	inWorld(t, func() *world {
		return &world{answer: func(_ string, at time.Duration) *downloader.Error {
			if at < time.Minute {
				return &downloader.Error{Class: downloader.ClassHTTP5xx, Retry: downloader.RetryBudget, RetryAfter: time.Minute, Err: errors.New("503 Service Unavailable")}
			}
			return nil
		}}
	}, func(func()) downloader.Source {
		return func(yield func(downloader.Item, error) bool) {
			yield(downloader.Item{Index: 0, URL: "http://a.test/0"}, nil)
			yield(downloader.Item{Index: 1, URL: "http://a.test/1"}, nil)
			time.Sleep(4 * time.Minute)
			yield(downloader.Item{}, broken)
		}
	}, func(t *testing.T, w *world, results []settled, err error) {
		allOK(t, results, 2)
		if !errors.Is(err, broken) {
			t.Errorf("the run ended with %v", err)
		}
		for _, r := range results {
			if w.opts.Workers > 1 && r.at != time.Minute {
				t.Errorf("%s came at %v", r.URL, r.at)
			}
		}
	})
}

// TestHeldBackGoesToAFile has more images of a host that asked for a pause than there is
// room for in memory. The list is read on, to a host that answers, and nothing is lost.
func TestHeldBackGoesToAFile(t *testing.T) {
	list := slices.Repeat([]string{"http://a.test/"}, 2*hosts.MaxWaiting)
	inWorld(t, func() *world {
		return &world{answer: func(host string, at time.Duration) *downloader.Error {
			if at >= time.Minute || host == "http://b.test" {
				return nil
			}
			return &downloader.Error{Class: downloader.ClassHTTP5xx, Retry: downloader.RetryBudget, RetryAfter: time.Minute - at, Err: errors.New("503 Service Unavailable")}
		}}
	}, urls(append(list, "http://b.test/")...), func(t *testing.T, w *world, results []settled, _ error) {
		allOK(t, results, len(list)+1)
		if at := w.visits("http://b.test"); len(at) != 1 || at[0] > time.Second {
			t.Errorf("the host that answers was asked at %v", at)
		}
		var order []int
		for _, r := range results {
			if r.Attempts == 1 { // the others wait for an attempt of their own
				order = append(order, r.Index)
			}
		}
		if b := slices.Index(order, len(list)); w.opts.Workers == 1 && !slices.IsSorted(slices.Delete(order, b, b+1)) {
			t.Error("the images came in another order than that of the list")
		}
	})
}

// TestManyOriginsBehindOneName has a host whose first 60 images fail for ever, and then
// 200 that are there. All of those are fetched.
func TestManyOriginsBehindOneName(t *testing.T) {
	var list []string
	for i := range 260 {
		list = append(list, fmt.Sprintf("http://a.test/%d", i))
	}
	bad := map[string]bool{}
	for _, url := range list[:60] {
		bad[url] = true
	}
	for name, failure := range map[string]*downloader.Error{
		"500": {Class: downloader.ClassHTTP5xx, Retry: downloader.RetryBudget, Err: errors.New("500 Internal Server Error")}, "503": errBusy,
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func() *world {
				w := &world{latency: 10 * time.Millisecond}
				w.byURL = func(url string) *downloader.Error {
					if bad[url] {
						return failure
					}
					return nil
				}
				return w
			}, urls(list...), func(t *testing.T, w *world, results []settled, _ error) {
				ok, last := 0, time.Duration(0)
				for _, r := range results {
					if r.Status == downloader.StatusOK {
						ok++
						last = max(last, r.at)
					}
					if bad[r.URL] && r.Attempts != w.opts.Retries+1 {
						t.Errorf("%s: %d attempts", r.URL, r.Attempts)
					}
				}
				t.Logf("the last good one at %v", last)
				if ok != 200 || len(results) != 260 || last > 90*time.Second {
					t.Errorf("%d ok of %d results, the last at %v", ok, len(results), last)
				}
			})
		})
	}
}

// TestGivenUpHostIsTriedOnceMore has a host that cannot be reached, until the other host
// has delivered all its images.
func TestGivenUpHostIsTriedOnceMore(t *testing.T) {
	inWorld(t, func() *world {
		others := 0
		w := &world{latency: time.Second}
		w.answer = func(host string, _ time.Duration) *downloader.Error {
			w.mu.Lock()
			defer w.mu.Unlock()
			if host != "http://late.test" {
				others++
			} else if others < 400 {
				return errRefused
			}
			return nil
		}
		return w
	}, urls(append(mixed(20, "http://late.test"), mixed(400, "http://b.test")...)...), func(t *testing.T, w *world, results []settled, _ error) {
		allOK(t, results, 420)
		if asked := len(w.visits("http://late.test")); asked > 20+w.opts.Workers+5 {
			t.Errorf("%d requests to the host that was away", asked)
		}
	})
}

// TestNetworkAway has a network that goes away for a minute, amid a list of hosts with few
// images each. None is lost, and there are few requests meanwhile.
func TestNetworkAway(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf("http://h%d.test", i))
	}
	away := &downloader.Error{Class: downloader.ClassDNS, Reason: "no such server"}
	inWorld(t, func() *world {
		return &world{latency: 10 * time.Millisecond, answer: func(_ string, at time.Duration) *downloader.Error {
			if at > 500*time.Millisecond && at < time.Minute {
				return away
			}
			return nil
		}}
	}, urls(append(mixed(1, names...), mixed(2, names...)...)...), func(t *testing.T, w *world, results []settled, _ error) {
		allOK(t, results, 3000)
		if before := 200 * w.opts.Workers; len(w.ledger) > 3000+before+100 { // until it is noticed
			t.Errorf("%d requests for 3000 images", len(w.ledger))
		}
	})
}

func TestHostOf(t *testing.T) {
	for url, want := range map[string]string{
		"http://a.test/1.jpg": "http://a.test", "HTTP://A.Test:80": "http://a.test", "https://a.test:443?x": "https://a.test",
		"https://u:p@a.test:8443/@b": "https://a.test:8443", "http://[::1]:80/": "http://[::1]", "http://a.test#/": "http://a.test",
	} {
		if got := (downloader.Item{URL: url}).Origin(); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}
