package http1_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"grab/downloader/internal/http1"
)

// TestReplayedOnce has a server that fails a request, with other connections idle. The
// request is sent once more, on a new connection, and the idle ones stay as they are
// (RFC 9112 section 9.3.1).
func TestReplayedOnce(t *testing.T) {
	for name, reply := range map[string]string{
		"closed without a response": "",
		"cut headers":               "HTTP/1.1 200 OK\r\nContent-Le",
		"no HTTP":                   "SSH-2.0-x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			var failing atomic.Bool
			var failed, newest atomic.Int64
			together := make(chan struct{}) // closed when all requests are there
			var first sync.WaitGroup
			first.Add(4)
			url := server(t, func(n, i int) (string, bool) {
				if failing.Load() {
					failed.Add(1)
					newest.Store(int64(n))
					return reply, true
				}
				if i == 1 && n <= 4 {
					first.Done()
					<-together
				}
				return sized(fmt.Sprint(n)), false
			})
			c, _ := client(t)
			var asking sync.WaitGroup
			for range 4 {
				asking.Go(func() {
					if _, err := get(c, url); err != nil {
						t.Error(err)
					}
				})
			}
			first.Wait()
			close(together)
			asking.Wait()
			failing.Store(true)
			if got, err := get(c, url); err == nil {
				t.Errorf("got %q", got)
			}
			if failed.Load() != 2 || newest.Load() != 5 {
				t.Errorf("%d requests, the last on connection %d; want 2 and 5", failed.Load(), newest.Load())
			}
			failing.Store(false)
			seen := map[string]bool{}
			for range 3 { // all that is left of the first four
				resp, err := c.Get(url)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				if err != nil || string(body) > "4" {
					t.Errorf("%q, %v: not one of the idle connections", body, err)
				}
				seen[string(body)] = true
			}
			if len(seen) != 3 {
				t.Errorf("connections %v", seen)
			}
		})
	}
}

// TestSurplus has bytes that nobody asked for on a used connection. A response whose
// surplus is there with its headers is asked for again at once, others are reported.
func TestSurplus(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	for name, tt := range map[string]struct {
		second string // what comes in place of the second response; %s: the right one
		want   string
		err    error
	}{
		"before the response": {sized("stranger") + "%s", "right", nil},
		"after the response":  {"%s" + sized("stranger"), "right", nil},
		"a redirect before":   {"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n%s", "right", nil},
		"no content before":   {"HTTP/1.1 204 None\r\n\r\n%s", "right", nil},
		"chunked before":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n%s", "x", http1.ErrSurplus},
		"long, before":        {sized(long) + "%s", long, http1.ErrSurplus},
	} {
		t.Run(name, func(t *testing.T) {
			url := server(t, func(n, i int) (string, bool) {
				if n == 1 && i == 2 {
					return fmt.Sprintf(tt.second, sized("right")), false
				}
				return sized("right"), false
			})
			_, plain := client(t)
			ask := func() (string, error) {
				req, err := http.NewRequest(http.MethodGet, url, nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := plain.RoundTrip(req)
				if err != nil {
					return "", err
				}
				body, err := io.ReadAll(resp.Body)
				return string(body), errors.Join(err, resp.Body.Close())
			}
			if got, err := ask(); got != "right" || err != nil {
				t.Fatalf("%q, %v", got, err)
			}
			if got, err := ask(); got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%.20q, %v; want %.20q, %v", got, err, tt.want, tt.err)
			}
			if got, err := ask(); got != "right" || err != nil {
				t.Errorf("afterwards: %q, %v", got, err)
			}
		})
	}
}

// TestSurplusAfterTheBody has a stranger that comes while the caller has the body of a
// used connection in hand. Close reports it, and no connection is kept from then on.
func TestSurplusAfterTheBody(t *testing.T) {
	more, sent := make(chan struct{}), make(chan struct{})
	var connections atomic.Int64
	url := server(t, func(n, i int) (string, bool) {
		connections.Store(int64(n))
		return sized("right"), false
	}, func(w io.Writer, n, i int) {
		if n == 1 && i == 3 {
			<-more
			_, _ = io.WriteString(w, sized("stranger"))
			close(sent)
		}
	})
	c, _ := client(t)
	for range 2 {
		if _, err := get(c, url); err != nil {
			t.Fatal(err)
		}
	}
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != "right" || err != nil {
		t.Errorf("%q, %v", body, err)
	}
	close(more)
	<-sent
	if err := resp.Body.Close(); !errors.Is(err, http1.ErrSurplus) {
		t.Errorf("%v", err)
	}
	for want := range 2 {
		if _, err := get(c, url); err != nil || connections.Load() != int64(want+2) {
			t.Errorf("%v, %d connections", err, connections.Load())
		}
	}
}

// TestGoodbye has a server that says goodbye to an idle connection with a response of
// status 408 (RFC 9110 section 15.5.9). It is no stranger: later connections are kept.
func TestGoodbye(t *testing.T) {
	sent := make(chan struct{})
	url := server(t, func(n, i int) (string, bool) {
		return sized(fmt.Sprint(n, i)), false
	}, func(w io.Writer, n, i int) {
		if n == 1 {
			_, _ = io.WriteString(w, "HTTP/1.0 408 Request Time-out\r\nConnection: close\r\n\r\n")
			close(sent)
		}
	})
	c, _ := client(t)
	var got []string
	for i := range 3 {
		one, err := get(c, url)
		if err != nil {
			t.Error(err)
		}
		got = append(got, one)
		if i == 0 {
			<-sent
		}
	}
	if want := "[200 1 1 200 2 1 200 2 2]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}
