package fetch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/client"
	"grab/downloader/internal/nettest"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// errFull is the error of a dial when there are no more open files.
func errFull() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("socket", syscall.EMFILE)}
}

// errPorts is the error of a dial when there are no more local ports.
func errPorts() error {
	return fmt.Errorf("%w: %w", cause.ErrNoPort, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)})
}

// crowd fetches images all at once, with room for a number of connections at a time.
// Each takes its server 20 seconds. A dial without room fails with full.
func crowd(t *testing.T, ctx context.Context, drain <-chan struct{}, images, room int, full error) []downloader.Result {
	opts := downloader.Options{
		Mode: downloader.Pool, Workers: images, Dir: t.TempDir(),
		ConnectTimeout: 10 * time.Second, HeaderTimeout: 30 * time.Second, StallTimeout: 30 * time.Second, Timeout: time.Hour,
		Retries: 1, RetryMin: time.Millisecond, RetryMax: time.Millisecond, MaxSize: 1 << 20, Verify: downloader.VerifyType,
	}
	stager, err := stage.New(opts.Dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer stager.Close()
	var used atomic.Int64
	var working sync.WaitGroup
	defer working.Wait()
	f := New(opts, client.Network{Dial: func(context.Context, string, string) (net.Conn, error) {
		if used.Add(1) > int64(room) {
			used.Add(-1)
			return nil, full
		}
		client, server := net.Pipe()
		working.Go(func() {
			defer used.Add(-1)
			defer server.Close()
			if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
				time.Sleep(20 * time.Second) // on the bubble's clock
				_, _ = io.WriteString(server, nettest.OKHead+nettest.OKBody)
			}
		})
		return client, nil
	}}, stager, &live.Counters{}, drain)
	defer f.Close()
	results := make([]downloader.Result, images)
	for i := range images {
		working.Go(func() {
			results[i] = f.Do(ctx, work.Job{Item: downloader.Item{Index: i, URL: fmt.Sprintf("http://h%d.test/", i)}}).Result
		})
	}
	working.Wait()
	if p := &f.shortage; p.active != 0 || len(p.waiting) != 0 {
		t.Errorf("%d images still count as working, and %d wait", p.active, len(p.waiting))
	}
	return results
}

// TestScarceFiles checks that images that find no open file, or no local port, wait for
// those that have one. That may take long, and costs no attempt.
func TestScarceFiles(t *testing.T) {
	for _, full := range []error{errFull(), errPorts()} {
		for _, room := range []int{1, 3, 7} {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				for _, r := range crowd(t, t.Context(), nil, 8, room, full) {
					if r.Status != downloader.StatusOK || r.Attempts != 1 {
						t.Errorf("%v: room for %d, image %d: %s after %d attempts: %s", full, room, r.Index, r.Status, r.Attempts, r.Error)
					}
				}
				rounds := time.Duration((8 + room - 1) / room)
				nettest.Within(t, time.Since(began), rounds*20*time.Second, rounds*25*time.Second)
			})
		}
	}
}

// TestNoFiles checks that images wait half a minute if none has a file to free, and
// then say what the user can do.
func TestNoFiles(t *testing.T) {
	said := map[error]string{errFull(): "ulimit -n", errPorts(): "free some"}
	for full, remedy := range said {
		for _, images := range []int{1, 5} {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				for _, r := range crowd(t, t.Context(), nil, images, 0, full) {
					if r.Class != downloader.ClassIO || r.Attempts != 1 || !strings.Contains(r.Error, remedy) || !strings.Contains(r.Error, full.Error()) {
						t.Errorf("%q after %d attempts: %s", r.Class, r.Attempts, r.Error)
					}
				}
				nettest.Within(t, time.Since(began), work.Patience, 2*work.Patience)
			})
		}
	}
}

// TestScarceFilesInterrupted checks that an interrupt ends the wait for a file.
func TestScarceFilesInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		drain := make(chan struct{})
		time.AfterFunc(5*time.Second, func() { close(drain) })
		count := map[downloader.Status]int{}
		for _, r := range crowd(t, t.Context(), drain, 8, 3, errFull()) {
			count[r.Status]++
		}
		if count[downloader.StatusOK] != 3 || count[downloader.StatusCanceled] != 5 {
			t.Errorf("drained: %v", count)
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, &downloader.Error{Class: downloader.ClassDeadline})
		defer cancel()
		for _, r := range crowd(t, ctx, nil, 8, 3, errFull()) {
			if r.Class != downloader.ClassDeadline {
				t.Errorf("%q: %s", r.Class, r.Error)
			}
		}
	})
}

// TestScarceFilesOver checks that more images are worked on once there are files again.
func TestScarceFilesOver(t *testing.T) {
	p := &shortage{}
	for range 3 {
		if err := p.enter(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	p.giveUpTurn(time.Now())
	if p.allowed != 2 {
		t.Fatalf("limit %d, want 2", p.allowed)
	}
	for range 10 * growth * 2 {
		p.leave()
		if err := p.enter(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	if p.allowed < 4 {
		t.Errorf("the limit is still %d", p.allowed)
	}
}

// TestScarceLookUp checks a look-up without open files, whose error has only a text.
func TestScarceLookUp(t *testing.T) {
	err := cause.Classify(&net.DNSError{Err: "dial udp 127.0.0.1:53: socket: too many open files", Name: "a.test"}, live.PhaseDNS)
	if err.Class != downloader.ClassIO || !cause.IsShortage(err.Err) {
		t.Errorf("%q", err.Class)
	}
}
