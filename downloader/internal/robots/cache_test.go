package robots

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestStatus checks what each outcome of the request for robots.txt means (RFC 9309
// section 2.3.1).
func TestStatus(t *testing.T) {
	for _, tt := range []struct {
		status  int
		err     error
		allowed bool
		rule    string
	}{
		{200, nil, false, "disallow: /x"},
		{204, nil, false, "disallow: /x"},
		{302, nil, true, ""},
		{404, nil, true, ""},
		{401, nil, true, ""},
		{429, nil, true, ""},
		{500, nil, false, "robots.txt: status 500"},
		{503, nil, false, "robots.txt: status 503"},
		{0, errors.New("connection refused"), false, ""},
	} {
		c := New("grab/1", func(context.Context, string) (int, []byte, error) {
			return tt.status, []byte("User-agent: grab\nDisallow: /x\nCrawl-delay: 3"), tt.err
		})
		rule, delay, allowed, err := c.Check(t.Context(), "http://a.test/x.gif")
		if err != tt.err || rule != tt.rule || allowed != tt.allowed || (delay == 3*time.Second) != (tt.status/100 == 2) {
			t.Errorf("status %d: %q, %v, %v, %v", tt.status, rule, delay, allowed, err)
		}
	}
}

// TestOrigins checks which robots.txt is asked for, and that it is asked for once.
func TestOrigins(t *testing.T) {
	asked := map[string]int{}
	c := New("grab", func(_ context.Context, url string) (int, []byte, error) {
		asked[url]++
		return 200, []byte("User-agent: *\nDisallow: /*?x=1$"), nil
	})
	for raw, want := range map[string]bool{
		"http://a.test/y?x=1": false, "http://A.test/y?x=12": true, "http://a.test": true, "https://a.test/y?x=1": false,
		"http://a.test:8080/": true, "http://u:p@b.test/#x": true, "http://a.test/robots.txt": true,
	} {
		for range 2 {
			if rule, _, allowed, _ := c.Check(t.Context(), raw); allowed != want {
				t.Errorf("%s: %v by %q", raw, allowed, rule)
			}
		}
	}
	want := map[string]int{"http://a.test/robots.txt": 1, "https://a.test/robots.txt": 1, "http://a.test:8080/robots.txt": 1, "http://b.test/robots.txt": 1}
	if fmt.Sprint(asked) != fmt.Sprint(want) {
		t.Errorf("asked for %v", asked)
	}
}

// TestSingleFlight has many images of one origin at once. They wait for one request, and
// one of them gives up.
func TestSingleFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		c := New("grab", func(ctx context.Context, _ string) (int, []byte, error) {
			asked++
			select {
			case <-time.After(time.Second):
				return 404, nil, nil
			case <-ctx.Done():
				return 0, nil, ctx.Err()
			}
		})
		alone, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, _, allowed, _ := c.Check(alone, "http://a.test/x"); allowed {
			t.Error("allowed before the answer")
		}
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var waiting sync.WaitGroup
		waiting.Go(func() { c.Check(impatient, "http://a.test/x") })
		for range 10 {
			waiting.Go(func() {
				if rule, _, allowed, _ := c.Check(t.Context(), "http://a.test/x"); !allowed {
					t.Errorf("refused by %q", rule)
				}
			})
		}
		waiting.Wait()
		if asked != 2 {
			t.Errorf("%d requests", asked)
		}
	})
}

// TestMemory has origins with more rules than the cache remembers.
func TestMemory(t *testing.T) {
	long := []byte("User-agent: *\nDisallow: /" + strings.Repeat("x", MaxSize))
	c := New("grab", func(context.Context, string) (int, []byte, error) { return 200, long, nil })
	for i := range 80 {
		if _, _, allowed, _ := c.Check(t.Context(), fmt.Sprintf("http://%d.test/y", i)); !allowed {
			t.Error("refused")
		}
		size := 0
		for _, v := range c.known {
			size += v.size()
		}
		if size != c.bytes || size > maxBytes {
			t.Fatalf("%d bytes remembered, %d counted", size, c.bytes)
		}
	}
	if len(c.known) < 10 {
		t.Errorf("only %d origins remembered", len(c.known))
	}
}
