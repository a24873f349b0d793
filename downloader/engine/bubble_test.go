package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/fetch"
	"grab/downloader/internal/nettest"
	"grab/downloader/internal/stage"
	"grab/downloader/live"
)

// These tests are about time. They run in synctest bubbles, where an hour takes no
// time, over connections in memory.

// pipeServer answers the requests of one fetcher; attempt counts them from 1.
type pipeServer func(c net.Conn, attempt int)

// inBubble fetches one image with the default limits, as change alters them. It returns
// the result, and how long it took by the bubble's clock.
func inBubble(t *testing.T, change func(*downloader.Options), serve pipeServer) (result downloader.Result, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		result, took = fetchInBubble(t, t.Context(), nil, change, serve)
	})
	return result, took
}

func fetchInBubble(t *testing.T, ctx context.Context, drain <-chan struct{}, change func(*downloader.Options), serve pipeServer) (downloader.Result, time.Duration) {
	opts := downloader.Options{
		Mode: downloader.Sequential, Workers: 1, Dir: t.TempDir(),
		ConnectTimeout: 10 * time.Second, HeaderTimeout: 30 * time.Second, StallTimeout: 30 * time.Second, Timeout: time.Hour,
		Retries: 4, RetryMin: 250 * time.Millisecond, RetryMax: 30 * time.Second, RetryAfterMax: 2 * time.Minute,
		MaxSize: 1 << 20, MaxRedirects: 10, Verify: downloader.VerifyType,
	}
	if change != nil {
		change(&opts)
	}
	stager, err := stage.New(opts.Dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer stager.Close()
	taking, stop := context.WithCancel(ctx)
	defer stop()
	if drain != nil {
		context.AfterFunc(ctx, stop)
		go func() {
			select {
			case <-drain:
				stop()
			case <-taking.Done():
			}
		}()
	}
	attempt, counters := 0, &live.Counters{}
	var serving sync.WaitGroup
	f := fetch.New(opts, client.Network{Dial: func(context.Context, string, string) (net.Conn, error) {
		attempt++
		n := attempt
		client, server := net.Pipe()
		serving.Go(func() {
			defer server.Close()
			if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
				serve(server, n)
			}
		})
		return client, nil
	}}, stager, counters, taking.Done())
	began := time.Now()
	r := newRun(&opts, &Deps{Output: nowhere{}, Counters: counters}, stager)
	r.results = make(chan downloader.Result, 1)
	r.sequential(taking, ctx, func(yield func(downloader.Item, error) bool) { yield(downloader.Item{URL: "http://a.test/1.jpg"}, nil) }, f)
	result := <-r.results
	took := time.Since(began)
	f.Close()
	serving.Wait()
	if result.Attempts != attempt {
		t.Errorf("the result says %d attempts, there were %d connections", result.Attempts, attempt)
	}
	_, err = os.Stat(opts.Dir + "/" + downloader.StateDir + "/0.part")
	if staged := err == nil; staged != (result.Status == downloader.StatusOK) {
		t.Errorf("%s, with a staged file: %v", result.Status, staged)
	}
	return result, took
}

// nowhere is a Sink that leaves each file where it is.
type nowhere struct{}

func (nowhere) Put(context.Context, downloader.Staged) (downloader.Placed, error) {
	return downloader.Placed{File: "x"}, nil
}

func (nowhere) Holds(context.Context, downloader.Earlier, bool) bool { return false }

func (nowhere) Remove(string) error { return nil }

const busy = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n"

func hold(c net.Conn) { io.Copy(io.Discard, c) }

func check(t *testing.T, r downloader.Result, class downloader.Class, attempts int) {
	t.Helper()
	if r.Class != class || r.Attempts != attempts {
		t.Errorf("class %q, %d attempts (%s); want %q, %d", r.Class, r.Attempts, r.Error, class, attempts)
	}
	if class == "" && (r.Bytes != int64(len(nettest.OKBody)) || r.Width != 8 || r.Height != 6) {
		t.Errorf("%+v", r)
	}
}

func TestSilenceBeforeHeaders(t *testing.T) {
	for name, start := range map[string]string{"nothing": "", "status line": "HTTP/1.1 200 OK\r\n", "early hints": "HTTP/1.1 103 Early Hints\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			r, took := inBubble(t, nil, func(c net.Conn, _ int) { io.WriteString(c, start); hold(c) })
			check(t, r, downloader.ClassTimeoutHeader, 5)
			nettest.Within(t, took, 5*30*time.Second, 5*30*time.Second+time.Minute)
		})
	}
}

// TestHeadersThatDrip has headers that come byte by byte and never end.
func TestHeadersThatDrip(t *testing.T) {
	r, took := inBubble(t, func(o *downloader.Options) { o.Retries = 0 }, func(c net.Conn, _ int) {
		io.WriteString(c, "HTTP/1.1 200 OK\r\nX: ")
		for {
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	})
	check(t, r, downloader.ClassTimeoutHeader, 1)
	nettest.Within(t, took, 30*time.Second, 31*time.Second)
}

func TestStall(t *testing.T) {
	r, took := inBubble(t, nil, func(c net.Conn, _ int) { io.WriteString(c, nettest.OKHead+nettest.OKBody[:10]); hold(c) })
	check(t, r, downloader.ClassStall, 5)
	nettest.Within(t, took, 5*30*time.Second, 5*30*time.Second+time.Minute)
	if !strings.Contains(r.Error, "30s") {
		t.Errorf("the error %q does not say how long", r.Error)
	}
}

func TestStallThenOK(t *testing.T) {
	r, took := inBubble(t, nil, func(c net.Conn, attempt int) {
		if attempt == 1 {
			io.WriteString(c, nettest.OKHead+nettest.OKBody[:10])
			hold(c)
		}
		io.WriteString(c, nettest.OKHead+nettest.OKBody)
	})
	check(t, r, "", 2)
	nettest.Within(t, took, 30*time.Second+250*time.Millisecond, 31*time.Second)
}

// TestSlowIsNoStall sends a byte shortly before each stall timeout.
func TestSlowIsNoStall(t *testing.T) {
	r, took := inBubble(t, nil, func(c net.Conn, _ int) {
		io.WriteString(c, nettest.OKHead)
		for _, b := range []byte(nettest.OKBody) {
			time.Sleep(29 * time.Second)
			c.Write([]byte{b})
		}
	})
	check(t, r, "", 1)
	nettest.Within(t, took, 27*29*time.Second, 27*29*time.Second)
}

// TestSlowReaderIsNoStall makes the server wait for grab. That is no stall of the
// server.
func TestSlowReaderIsNoStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := strings.Repeat("x", 50_000) // more than a client reads ahead
		opts := downloader.Options{Workers: 1, ConnectTimeout: time.Second, HeaderTimeout: time.Second, StallTimeout: 30 * time.Second, MinSpeed: 1 << 10}
		plain := client.New(&opts, client.Network{Dial: func(context.Context, string, string) (net.Conn, error) {
			mine, theirs := net.Pipe()
			go func() {
				defer theirs.Close()
				if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
					io.WriteString(theirs, "HTTP/1.1 200 OK\r\n\r\n"+long)
				}
			}()
			return mine, nil
		}}, nil)
		defer client.CloseIdle(plain)
		resp, err := plain.Get("http://a.test/")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var body []byte
		for {
			time.Sleep(time.Hour) // a very slow disk
			b := make([]byte, 1000)
			n, err := resp.Body.Read(b)
			body = append(body, b[:n]...)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if string(body) != long {
			t.Errorf("%d bytes of %d", len(body), len(long))
		}
	})
}

// TestErrorPageThatHangs checks that an error page costs no more time than a stall, and
// keeps its class.
func TestErrorPageThatHangs(t *testing.T) {
	r, took := inBubble(t, nil, func(c net.Conn, _ int) {
		io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\nso sorry")
		hold(c)
	})
	check(t, r, downloader.ClassHTTP4xx, 1)
	nettest.Within(t, took, 0, 30*time.Second)
}

// TestErrorPageThatDrips has an error page without an end, which must not be read on.
func TestErrorPageThatDrips(t *testing.T) {
	r, took := inBubble(t, func(o *downloader.Options) { o.Timeout = 0 }, func(c net.Conn, _ int) {
		io.WriteString(c, "HTTP/1.1 404 Not Found\r\n\r\n")
		for {
			if _, err := io.WriteString(c, "x"); err != nil {
				return
			}
			time.Sleep(20 * time.Second)
		}
	})
	check(t, r, downloader.ClassHTTP4xx, 1)
	nettest.Within(t, took, 0, time.Minute)
}

func TestBackoffBetweenAttempts(t *testing.T) {
	var at []time.Time
	r, _ := inBubble(t, func(o *downloader.Options) { o.Retries, o.RetryMax = 7, 4*time.Second }, func(c net.Conn, _ int) {
		at = append(at, time.Now())
		io.WriteString(c, busy+"\r\n")
	})
	check(t, r, downloader.ClassHTTP5xx, 8)
	for i := 1; i < len(at); i++ {
		nettest.Within(t, at[i].Sub(at[i-1]), 250*time.Millisecond, min(4*time.Second, 250*time.Millisecond<<i))
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	for _, tt := range []struct {
		field string
		least time.Duration
	}{
		{"Retry-After: 60", time.Minute},
		{"Retry-After: 120", 2 * time.Minute},
		{"Date: Sat, 01 Jan 2000 00:00:00 GMT\r\nRetry-After: Sat, 01 Jan 2000 00:01:30 GMT", 90 * time.Second}, // by the server's clock
		{"Date: Sat, 01 Jan 2000 00:00:00 GMT\r\nRetry-After: Saturday, 01-Jan-00 00:01:00 GMT", time.Minute},
		{"Date: Sat, 01 Jan 2000 00:00:00 GMT\r\nRetry-After: Sat Jan  1 00:00:45 2000", 45 * time.Second},
		{"Retry-After: 0", 250 * time.Millisecond}, // no hot loop
		{"Retry-After: -5", 250 * time.Millisecond},
		{"Retry-After: Sat, 01 Jan 2000 00:00:00 GMT", 250 * time.Millisecond}, // long ago
	} {
		r, took := inBubble(t, nil, func(c net.Conn, attempt int) {
			if attempt == 1 {
				io.WriteString(c, busy+tt.field+"\r\n\r\n")
				return
			}
			io.WriteString(c, nettest.OKHead+nettest.OKBody)
		})
		check(t, r, "", 2)
		nettest.Within(t, took, tt.least, max(tt.least, 500*time.Millisecond))
	}
}

func TestRetryAfterTooLong(t *testing.T) {
	r, took := inBubble(t, nil, func(c net.Conn, _ int) { io.WriteString(c, busy+"Retry-After: 121\r\n\r\n") })
	check(t, r, downloader.ClassRateLimited, 1)
	nettest.Within(t, took, 0, 0)
	if !strings.Contains(r.Error, "2000-01-01T00:02:01Z") { // bubbles begin in 2000
		t.Errorf("the error %q does not say when to come back", r.Error)
	}
}

// TestDeadlineOverAllAttempts checks that -timeout ends an image in any phase.
func TestDeadlineOverAllAttempts(t *testing.T) {
	for name, serve := range map[string]pipeServer{
		"silent":           func(c net.Conn, _ int) { hold(c) },
		"stalls":           func(c net.Conn, _ int) { io.WriteString(c, nettest.OKHead+nettest.OKBody[:5]); hold(c) },
		"busy":             func(c net.Conn, _ int) { io.WriteString(c, busy+"Retry-After: 110\r\n\r\n") },
		"drips":            func(c net.Conn, _ int) { io.WriteString(c, nettest.OKHead); drip(c) },
		"error that hangs": func(c net.Conn, _ int) { io.WriteString(c, "HTTP/1.1 503 x\r\n\r\n"); hold(c) },
	} {
		t.Run(name, func(t *testing.T) {
			r, took := inBubble(t, func(o *downloader.Options) { o.Timeout, o.Retries = 100*time.Second, 100 }, serve)
			if r.Class != downloader.ClassDeadline || r.Status != downloader.StatusFailed || !strings.Contains(r.Error, "1m40s") {
				t.Errorf("%+v", r)
			}
			nettest.Within(t, took, 100*time.Second, 100*time.Second)
		})
	}
}

// TestSteadyBody checks that a body that keeps coming gets more time than the default of
// -timeout, and that one that barely does gets hardly any.
func TestSteadyBody(t *testing.T) {
	const size = 60_000_000
	for name, tt := range map[string]struct {
		grows bool
		bytes int // each second
		stall time.Duration
		class downloader.Class
		from  time.Duration
		to    time.Duration
	}{
		"steady":            {true, 150_000, 0, "", 400 * time.Second, 400 * time.Second},
		"steady, but fixed": {false, 150_000, 0, downloader.ClassDeadline, 300 * time.Second, 300 * time.Second},
		"slow":              {true, 10_000, 0, "", 6000 * time.Second, 6000 * time.Second},
		"barely":            {true, 2048, 0, downloader.ClassDeadline, 399 * time.Second, 401 * time.Second},
		"hangs in the end":  {true, 150_000, 350 * time.Second, downloader.ClassStall, 380 * time.Second, 381 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			r, took := inBubble(t, func(o *downloader.Options) {
				o.Timeout, o.TimeoutGrows, o.MinSpeed, o.MaxSize, o.Retries = 5*time.Minute, tt.grows, 1<<10, 1<<30, 0
			}, func(c net.Conn, _ int) {
				began := time.Now()
				io.WriteString(c, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n\xff\xd8\xff\xe0", size))
				for sent := 4; sent < size; sent += tt.bytes {
					time.Sleep(time.Second)
					if tt.stall > 0 && time.Since(began) > tt.stall {
						hold(c)
						return
					}
					if _, err := c.Write(make([]byte, min(tt.bytes, size-sent))); err != nil {
						return
					}
				}
			})
			if r.Class != tt.class || r.Attempts != 1 || tt.class == "" && r.Bytes != size {
				t.Errorf("%+v", r)
			}
			nettest.Within(t, took, tt.from, tt.to)
			if lost := strings.Contains(r.Error, "bytes had come"); lost != (tt.class == downloader.ClassDeadline) {
				t.Errorf("the error says that bytes are lost: %v: %s", lost, r.Error)
			}
		})
	}
}

// TestSteadyBodyAgain has a body that takes longer than the default of -timeout, breaks off,
// and comes whole the second time. The host refuses an attempt in between, so that the image
// goes back to the queue. What has come still counts.
func TestSteadyBodyAgain(t *testing.T) {
	const size, second = 60_000_000, 150_000
	r, took := inBubble(t, func(o *downloader.Options) {
		o.Timeout, o.TimeoutGrows, o.MinSpeed, o.MaxSize, o.Retries = 5*time.Minute, true, 1<<10, 1<<30, 4
	}, func(c net.Conn, n int) {
		if n == 2 {
			io.WriteString(c, "HTTP/1.1 503 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			return
		}
		io.WriteString(c, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n\xff\xd8\xff\xe0", size))
		for sent := 4; sent < size && (n > 2 || sent < size*9/10); sent += second {
			time.Sleep(time.Second)
			if _, err := c.Write(make([]byte, min(second, size-sent))); err != nil {
				return
			}
		}
	})
	if r.Status != downloader.StatusOK || r.Attempts != 3 || r.Bytes != size {
		t.Errorf("%+v", r)
	}
	nettest.Within(t, took, 760*time.Second, 775*time.Second)
}

func drip(c net.Conn) {
	for range 20 {
		time.Sleep(20 * time.Second)
		io.WriteString(c, "x")
	}
}

// TestInterruptWhileWaiting checks that an interrupt ends a wait between attempts at
// once.
func TestInterruptWhileWaiting(t *testing.T) {
	for _, drained := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			drain := make(chan struct{})
			time.AfterFunc(time.Minute, func() {
				if drained {
					close(drain)
				} else {
					cancel(errors.New("had enough"))
				}
			})
			r, took := fetchInBubble(t, ctx, drain, nil, func(c net.Conn, _ int) { io.WriteString(c, busy+"Retry-After: 100\r\n\r\n") })
			check(t, r, downloader.ClassCanceled, 1)
			nettest.Within(t, took, time.Minute, time.Minute)
			if r.Status != downloader.StatusCanceled || !strings.Contains(r.Error, "503") {
				t.Errorf("%+v", r)
			}
		})
	}
}
