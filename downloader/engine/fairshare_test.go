package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"grab/downloader"
)

// slowWorld has one host that keeps a worker for long and then fails, or that dies
// after its first hundred images.
func slowWorld(slow time.Duration, good int, err *downloader.Error) func() *world {
	return func() *world {
		asked := 0
		w := &world{latency: 50 * time.Millisecond}
		w.answer = func(host string, _ time.Duration) *downloader.Error {
			if host != evil {
				return nil
			}
			w.mu.Lock()
			asked++
			ok := asked <= good
			w.mu.Unlock()
			if ok {
				return nil
			}
			time.Sleep(slow)
			return err
		}
		return w
	}
}

const evil = "http://evil.test"

var errSilent = &downloader.Error{Class: downloader.ClassTimeoutHeader, Reason: "no answer"}

// TestSlowHostAmongThousand compares the time of the good hosts beside a host that
// never answers with their time without it. One image in eleven is on that host.
func TestSlowHostAmongThousand(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf("http://h%d.test", i))
		if i%10 == 7 {
			names = append(names, evil)
		}
	}
	const each = 20
	for _, trouble := range []struct {
		name string
		took time.Duration
		err  *downloader.Error
	}{
		{"never answers", 30 * time.Second, errSilent},
		{"connects to nothing", 10 * time.Second, &downloader.Error{Class: downloader.ClassTimeoutConnect}},
		{"drips", time.Minute, &downloader.Error{Class: downloader.ClassSlow}},
		{"is busy after a second", time.Second, errBusy},
	} {
		t.Run(trouble.name, func(t *testing.T) {
			inWorld(t, slowWorld(trouble.took, 0, trouble.err), urls(mixed(each, names...)...), func(t *testing.T, w *world, results []settled, _ error) {
				last := time.Duration(0)
				for _, r := range results {
					if r.Status == downloader.StatusOK {
						last = max(last, r.at)
					} else if r.Origin() != evil {
						t.Errorf("%s: %s", r.URL, r.Error)
					}
				}
				clean := time.Duration(1000*each/w.opts.Workers) * w.latency
				t.Logf("%d workers: %v, alone %v: %.3f", w.opts.Workers, last, clean, float64(last)/float64(clean))
				if last > clean*11/10 {
					t.Errorf("%d workers: the others took %v, alone they take %v", w.opts.Workers, last, clean)
				}
				if len(results) != 1100*each {
					t.Errorf("%d results", len(results))
				}
			})
		})
	}
}

// TestSlowHostAlone checks that the only host there is gets all workers, and so does
// the only one that is left.
func TestSlowHostAlone(t *testing.T) {
	for _, list := range [][]string{mixed(64, evil), append(mixed(64, evil), "http://other.test/")} {
		inWorld(t, slowWorld(10*time.Second, 0, nil), urls(list...), func(t *testing.T, w *world, results []settled, _ error) {
			allOK(t, results, len(list))
			last := slices.MaxFunc(results, func(a, b settled) int { return int(a.at - b.at) })
			if want := time.Duration(64/w.opts.Workers) * (10*time.Second + w.latency); last.at > want+w.latency {
				t.Errorf("%d workers took %v, want %v", w.opts.Workers, last.at, want)
			}
		})
	}
}

// TestShareGrows counts how many workers one host has at once, while a long list of
// other hosts wants them. It has one at first, then more.
func TestShareGrows(t *testing.T) {
	list := []string{"http://b.test/"}
	for i := range 200 {
		list = append(list, fmt.Sprintf("http://a.test/%d", i), fmt.Sprintf("http://b.test/%d", i))
	}
	inWorld(t, slowWorld(0, 0, nil), func(func()) downloader.Source {
		return func(yield func(downloader.Item, error) bool) {
			for i, url := range list {
				if !yield(downloader.Item{Index: i, URL: url}, nil) {
					return
				}
				if i == 0 {
					time.Sleep(time.Nanosecond) // until somebody has it: there are two hosts from now on
				}
			}
			time.Sleep(time.Minute) // the list goes on, as far as anyone knows
		}
	}, func(t *testing.T, w *world, results []settled, _ error) {
		allOK(t, results, len(list))
		most, first := map[time.Duration]int{}, 0
		for _, at := range w.visits("http://a.test") {
			if most[at]++; at < 5*time.Millisecond {
				first++
			}
		}
		top := 0
		for _, n := range most {
			top = max(top, n)
		}
		if first > 1 || top > w.opts.Workers || top < w.opts.Workers/4 {
			t.Errorf("%d workers: %d with the host at first, %d at most", w.opts.Workers, first, top)
		}
	})
}
