package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// endless is a list that repeats one line for ever.
type endless string

func (e endless) Read(p []byte) (int, error) {
	return copy(p, e), nil
}

// After the first signal grab starts no more images and finishes those in flight: every
// request that the server saw has its whole response and its file. The summary is
// written, and no temporary file is left.
func TestSignalDrains(t *testing.T) {
	body := picture()
	for i, mode := range []string{"sequential", "pool", "process"} {
		sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i]
		if signal.Ignored(sig) {
			sig = syscall.SIGTERM // under nohup, grab goes on
		}
		t.Run(mode+" "+sig.String(), func(t *testing.T) {
			t.Parallel()
			var asked, broken atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				half := len(body) / 2
				_, _ = w.Write(body[:half])
				_ = http.NewResponseController(w).Flush()
				select { // time for the signal to arrive inside the body
				case <-time.After(50 * time.Millisecond):
				case <-r.Context().Done():
					broken.Add(1)
				}
				_, _ = w.Write(body[half:])
			}))
			defer server.Close()
			dir := t.TempDir()
			g := launch(t, dir, endless(server.URL+"/\n"), "-json", "-mode", mode, "-n", "3", "-")
			if _, err := g.out.ReadString('\n'); err != nil {
				t.Fatal(err, &g.stderr)
			}
			g.signal(sig)
			rest, err := io.ReadAll(g.out)
			if err != nil {
				t.Fatal(err)
			}
			ok := 1 + bytes.Count(rest, []byte(`"status":"ok"`))
			var summary struct {
				Total, OK, Canceled int
				ExitCode            int `json:"exit_code"`
			}
			last := rest[bytes.LastIndexByte(bytes.TrimSpace(rest), '\n')+1:]
			if err := json.Unmarshal(last, &summary); err != nil || !bytes.Contains(last, []byte(`"type":"summary"`)) {
				t.Fatalf("the last line is %q: %v; %s", last, err, &g.stderr)
			}
			_ = g.Wait()
			want := map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 143}[sig]
			if code := g.ProcessState.ExitCode(); code != want || summary.ExitCode != want {
				t.Errorf("exit code %d, in the summary %d, want %d; %s", code, summary.ExitCode, want, &g.stderr)
			}
			if int64(ok) != asked.Load() || broken.Load() > 0 || summary.OK != ok || summary.Total != ok+summary.Canceled {
				t.Errorf("%d requests, %d broken off; %d results ok; summary %+v", asked.Load(), broken.Load(), ok, summary)
			}
			wholeOnly(t, filepath.Join(dir, "images"), body, ok)
			if _, err := os.Stat(filepath.Join(dir, "images", ".grab")); err == nil {
				t.Error("the state folder is left")
			}
		})
	}
}

// The second signal ends the process at once, whatever is in flight, and no child
// survives with an open connection.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	body := picture()
	for mode, n := range map[string]int{"sequential": 1, "pool": 2, "process": 2} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			asked, gone := make(chan struct{}, 9), make(chan struct{}, 9)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = w.Write(body[:len(body)/2])
				_ = http.NewResponseController(w).Flush()
				asked <- struct{}{}
				<-r.Context().Done()
				gone <- struct{}{}
			}))
			defer server.Close()
			dir := t.TempDir()
			g := launch(t, dir, endless(server.URL+"/\n"), "-mode", mode, "-n", "2", "-")
			for range n {
				<-asked
			}
			ended := make(chan error, 1)
			go func() { ended <- g.Wait() }()
			again := time.NewTicker(10 * time.Millisecond) // the kernel may merge two pending signals into one
			defer again.Stop()
			for waiting := true; waiting; {
				select {
				case <-again.C:
					_ = g.Process.Signal(syscall.SIGINT)
				case <-ended:
					waiting = false
				}
			}
			if status := g.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
				t.Errorf("it ended by itself, with %v", g.ProcessState)
			}
			for range n {
				<-gone
			}
			wholeOnly(t, filepath.Join(dir, "images"), body, 0)
		})
	}
}

// held is a server that sends half of each image, and the rest when its channel rest is
// closed.
type held struct {
	*httptest.Server
	half, rest chan struct{}
}

func hold(t *testing.T) *held {
	h := &held{half: make(chan struct{}, 99), rest: make(chan struct{})}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := picture()
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		h.half <- struct{}{}
		select {
		case <-h.rest:
			_, _ = w.Write(body[len(body)/2:])
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// SIGQUIT prints what is in flight, and ends neither grab nor its children. A SIGHUP that
// was ignored at the start (nohup) stays ignored.
func TestQuestion(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			server, dir, n := hold(t), t.TempDir(), 2
			if mode == "sequential" {
				n = 1
			}
			list := strings.Repeat(server.URL+"/\n", 3)
			script := `trap "" HUP; exec grab "$@" 2>said`
			g := launchCommand(t, dir, strings.NewReader(list), "sh", "-c", script, "sh", "-json", "-q", "-mode", mode, "-n", strconv.Itoa(n), "-")
			for range n {
				<-server.half
			}
			asked := fmt.Sprintf(`(?m)^%s: %d in flight\n`, mode, n)
			for i := range n {
				asked += fmt.Sprintf("  line %d, %s/: read body for [0-9.]+m?s, [0-9.]+m?s in all\n", i+1, server.URL)
			}
			again := time.NewTicker(50 * time.Millisecond) // children report to their parent ten times a second
			defer again.Stop()
			bound := time.After(hang)
			for answered := false; !answered; {
				g.signal(syscall.SIGHUP)
				g.signal(syscall.SIGQUIT)
				select {
				case <-again.C:
				case <-bound:
					said, _ := os.ReadFile(filepath.Join(dir, "said"))
					t.Fatalf("it says %s, want %s", said, asked)
				}
				said, _ := os.ReadFile(filepath.Join(dir, "said"))
				answered = regexp.MustCompile(asked).Match(said)
			}
			close(server.rest)
			if out, err := io.ReadAll(g.out); err != nil || bytes.Count(out, []byte(`"status":"ok"`)) != 3 {
				t.Errorf("%v, %s", err, out)
			}
			if err := g.Wait(); err != nil {
				t.Error(err)
			}
			said, _ := os.ReadFile(filepath.Join(dir, "said"))
			if bytes.Contains(said, []byte("goroutine")) {
				t.Errorf("it says %s", said)
			}
		})
	}
}
