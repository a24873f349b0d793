package engine_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "grab/downloader"
	"grab/testserver"
)

// TestOutageLosesNothing has a host that fails its first 20 requests, which is more
// than any image may make.
func TestOutageLosesNothing(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Retries, opts.RetryMin, opts.RetryMax = 4, 100*time.Millisecond, 200*time.Millisecond
		server, opts := startServer(t, opts, testserver.Options{Seed: seed})
		var urls []string
		for i := range 40 {
			urls = append(urls, fmt.Sprintf("http://out.test/fault/a98-outage/image/%d.jpg", i), fmt.Sprintf("http://fine.test/image/%d.jpg", i))
		}
		o := fetch(t, opts, urls...)
		attempts := 0
		for _, r := range o.results {
			attempts += r.Attempts
		}
		if total := server.Ledger().Total; o.summary.OK != 80 || total != 100 || attempts != total {
			t.Errorf("%d ok, %d attempts, %d requests", o.summary.OK, attempts, total)
		}
	})
}

// TestHostIsLeftAlone compares the order and times of the requests at the server with
// the Retry-After that it sent.
func TestHostIsLeftAlone(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		asked := make(chan time.Time, 100)
		busy := startScripts(t, map[string]script{"/x": inTurn(
			says(reply("429 Too Many Requests", "", "Retry-After: 2")),
			func(c conn, _ int) { asked <- time.Now(); fmt.Fprint(c, wholeReply) },
		)})
		others, opts := startOthers(t, opts)
		began := time.Now()
		o := fetch(t, opts, append([]string{busy.url("/x")}, others...)...)
		if n := len(asked); o.summary.OK != len(o.results) || n != 1 {
			t.Fatalf("%+v, asked %d times more", o.summary, n)
		}
		again := <-asked
		if waited := again.Sub(began); waited < 2*time.Second {
			t.Errorf("asked again after %v", waited)
		}
		expect(t, o.results[0], StatusOK, "", 2)
		for _, r := range o.results[1:] {
			if r.Started.After(again) {
				t.Errorf("%s began after the other host's second request", r.URL)
			}
		}
		if total := o.results[0].Timing.Total; total < 2 || o.results[0].Timing.Queue > total {
			t.Errorf("%+v", o.results[0].Timing)
		}
	})
}

// startOthers starts a host that answers, and returns its URLs.
func startOthers(t *testing.T, opts Options) ([]string, Options) {
	server := startScripts(t, map[string]script{"/y": says(wholeReply)})
	var urls []string
	for range 5 {
		urls = append(urls, server.url("/y"))
	}
	return urls, opts
}

// TestDeadHostIsGivenUp counts the connections to a host that hangs up on all of them.
func TestDeadHostIsGivenUp(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.RetryAfterMax = 100 * time.Millisecond
		opts.RetryMin, opts.RetryMax = 10*time.Millisecond, 20*time.Millisecond
		address, connections := hangsUp(t)
		var urls []string
		for i := range 1000 {
			urls = append(urls, fmt.Sprintf("http://%s/%d.jpg", address, i))
		}
		others, opts := startOthers(t, opts)
		o := fetch(t, opts, append(urls, others...)...)
		if n := connections.Load(); n > 100 || o.summary.OK != len(others) || o.summary.Failed != len(urls) {
			t.Errorf("%d connections, %+v", n, o.summary)
		}
		attempts := int64(0)
		for _, r := range o.results[:len(urls)] {
			attempts += int64(r.Attempts)
			if told := strings.HasPrefix(r.Error, "not tried: http://"+address); told != (r.Attempts == 0) {
				t.Errorf("%s: %d attempts, %s", r.URL, r.Attempts, r.Error)
			}
		}
		if attempts != connections.Load() {
			t.Errorf("the results say %d attempts, there were %d", attempts, connections.Load())
		}
	})
}

func hangsUp(t *testing.T) (address string, connections *atomic.Int64) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	connections = new(atomic.Int64)
	var serving sync.WaitGroup
	t.Cleanup(func() { l.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			c.Close()
		}
	})
	return l.Addr().String(), connections
}
