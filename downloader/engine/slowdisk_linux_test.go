package engine_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "grab/downloader"
)

// TestSlowDiskIsNoStall plays A37: in the middle of a body that is all there, the disk
// stops grab for longer than a server may be silent.
func TestSlowDiskIsNoStall(t *testing.T) {
	t.Parallel()
	probe, err := hold(filepath.Join(t.TempDir(), "probe"))
	if err != nil {
		t.Skipf("no leases on this file system: %v", err)
	}
	probe.Close()
	opened := make(chan os.Signal, 1)
	signal.Notify(opened, syscall.SIGIO)
	defer signal.Stop(opened)
	body := string(picture) + strings.Repeat("x", 100_000)
	for _, c := range modeCases {
		t.Run(c.String(), func(t *testing.T) {
			opts := options(t, c)
			opts.StallTimeout = time.Second
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				f, err := hold(filepath.Join(opts.Dir, StateDir, "0.part"))
				if err != nil {
					t.Error(err)
					return
				}
				defer f.Close()
				w.Header().Set("Content-Length", strconv.Itoa(len(body)))
				io.WriteString(w, body)
				http.NewResponseController(w).Flush()
				select {
				case <-opened:
					time.Sleep(2 * opts.StallTimeout) // as slow disks do
				case <-r.Context().Done():
					t.Error("it went away before it wrote")
				}
			}))
			t.Cleanup(server.Close)
			o := fetch(t, opts, server.URL)
			if expect(t, o.results[0], StatusOK, "", 1); string(o.file(t, 0)) != body {
				t.Error("not the bytes that the server sent")
			}
		})
	}
}

// hold makes a file that nobody else can open until it is closed here. An open blocks,
// and SIGIO reports it.
func hold(path string) (*os.File, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_SETLEASE, syscall.F_WRLCK); errno != 0 {
		f.Close()
		return nil, errno
	}
	return f, nil
}
