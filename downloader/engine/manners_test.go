package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "grab/downloader"
)

// TestRobots has a robots.txt that refuses some images, and hosts without one. It is
// fetched once for each host, in every mode.
func TestRobots(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		var mu sync.Mutex
		asked := map[string]int{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked[r.Host+r.URL.Path]++
			mu.Unlock()
			switch {
			case r.URL.Path != "/robots.txt":
				w.Write(picture)
			case r.Host == "a.test":
				fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
			case r.Host == "b.test":
				http.Redirect(w, r, "http://b.test/robots.txt", http.StatusFound)
			case r.Host == "c.test":
				w.WriteHeader(http.StatusInternalServerError)
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		}))
		t.Cleanup(server.Close)
		opts.DialTo, opts.Robots = server.Listener.Addr().String(), true
		var urls []string
		for i := range 5 {
			for _, host := range []string{"a", "b", "c", "d"} {
				urls = append(urls, fmt.Sprintf("http://%s.test/%d.jpg", host, i), fmt.Sprintf("http://%s.test/private/%d.jpg", host, i))
			}
		}
		for _, r := range fetch(t, opts, append(urls, "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=")...).results {
			switch {
			case strings.Contains(r.URL, "c.test"):
				expect(t, r, StatusFailed, ClassPolicy, 0)
			case strings.Contains(r.URL, "a.test/private"):
				if expect(t, r, StatusFailed, ClassPolicy, 0); !strings.Contains(r.Error, "disallow: /private/") {
					t.Errorf("the error %q does not name the rule", r.Error)
				}
			default:
				expect(t, r, StatusOK, "", 1)
			}
		}
		for what, n := range asked {
			if strings.Contains(what, "private") && strings.HasPrefix(what, "a.") || strings.HasPrefix(what, "c.") && !strings.HasSuffix(what, "robots.txt") {
				t.Errorf("%s was asked for", what)
			}
			if n > 1 && what != "b.test/robots.txt" {
				t.Errorf("%s was asked for %d times", what, n)
			}
		}
	})
}

// TestRobotsOfADeadHost checks that a host that cannot be reached fails its images as
// such, and not by a rule.
func TestRobotsOfADeadHost(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Robots = true
		for _, r := range fetch(t, opts, "http://"+closedPort(t)+"/1.jpg").results {
			expect(t, r, StatusFailed, ClassConnect, opts.Retries+1)
		}
	})
}

// TestConnectionLimit has a server that answers two requests at a time, and turns all
// others away. No image is lost, whatever the number of workers.
func TestConnectionLimit(t *testing.T) {
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusTooManyRequests} {
		t.Run(fmt.Sprint(status), func(t *testing.T) { connectionLimit(t, status) })
	}
}

func connectionLimit(t *testing.T, status int) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Retries, opts.RetryMin, opts.RetryMax = 4, 20*time.Millisecond, 200*time.Millisecond
		opts.Workers = min(4*opts.Workers, 16)
		var inside, requests atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			requests.Add(1)
			defer inside.Add(-1)
			if inside.Add(1) > 2 {
				w.WriteHeader(status)
				return
			}
			time.Sleep(5 * time.Millisecond) // what it takes
			w.Write(picture)
		}))
		t.Cleanup(server.Close)
		var urls []string
		for i := range 120 {
			urls = append(urls, fmt.Sprintf("%s/%d.jpg", server.URL, i))
		}
		o := fetch(t, opts, urls...)
		t.Logf("%d requests", requests.Load())
		if o.summary.OK != 120 || requests.Load() > 240 {
			t.Errorf("%+v after %d requests", o.summary, requests.Load())
		}
	})
}

// TestRates measures at the server how far apart the requests to each host are.
func TestRates(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Every = 50 * time.Millisecond
		var mu sync.Mutex
		at := map[string][]time.Time{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			at[r.Host] = append(at[r.Host], time.Now())
			if r.Host == "b.test" && r.URL.RawQuery == "" {
				http.Redirect(w, r, r.URL.Path+"?again", http.StatusFound)
				return
			}
			w.Write(picture)
		}))
		t.Cleanup(server.Close)
		opts.DialTo = server.Listener.Addr().String()
		var urls []string
		for i := range 6 {
			urls = append(urls, fmt.Sprintf("http://a.test/%d.jpg", i), fmt.Sprintf("http://b.test/%d.jpg", i))
		}
		if o := fetch(t, opts, urls...); o.summary.OK != len(urls) {
			t.Errorf("%+v", o.summary)
		}
		for host, times := range at {
			requests := map[string]int{"a.test": 6, "b.test": 12}[host] // b redirects to itself
			slots := requests - requests/6                              // after the last image, nothing waits
			if took := times[len(times)-1].Sub(times[0]); len(times) != requests || took < time.Duration(slots)*opts.Every-20*time.Millisecond {
				t.Errorf("%s was asked %d times within %v", host, len(times), took)
			}
		}
	})
}
