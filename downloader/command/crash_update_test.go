//go:build failpoint && linux

package command

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestCrashUpdate kills grab at every step of an update. Each file is the old image or the
// new one at any moment, whole, and the next update leaves the new ones, with true lines.
func TestCrashUpdate(t *testing.T) {
	const images = 4
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			var version atomic.Int64
			picture := func(path string, version int64) []byte {
				grown := int(version) * 70_000 * (len(path) - len("/i.gif")) % 200_000 // the first keeps its size
				return fmt.Appendf(nil, "GIF89a\x08\x00\x06\x00 %s %d %s", path, version, strings.Repeat("x", grown))
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tag := fmt.Sprintf(`"%d"`, version.Load())
				w.Header().Set("ETag", tag)
				if r.Header.Get("If-None-Match") == tag {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				_, _ = w.Write(picture(r.URL.Path, version.Load()))
			}))
			t.Cleanup(server.Close)
			var list strings.Builder
			for i := range images {
				fmt.Fprintf(&list, "%s/%s.gif\n", server.URL, strings.Repeat("i", i+1))
			}
			name := filepath.Join(t.TempDir(), "list.txt")
			if err := os.WriteFile(name, []byte(list.String()), 0o666); err != nil {
				t.Fatal(err)
			}
			s := &site{args: []string{"-update", "-mode", mode, "-n", "3", "-verify", "type", "-json", "-progress", "none", name}}
			check := func(dir, about string, least int64) {
				t.Helper()
				for i := range images {
					path := "/" + strings.Repeat("i", i+1) + ".gif"
					data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("image_%d.gif", i)))
					if err != nil || !bytes.Equal(data, picture(path, 1)) && (least == 1 || !bytes.Equal(data, picture(path, 0))) {
						t.Errorf("%s: image %d has %d bytes, %v", about, i, len(data), err)
					}
				}
			}
			for _, point := range []string{"stage-written", "stage-sealed", "put-begins", "put-named", "put-done", "manifest-begins", "manifest-torn", "manifest-written"} {
				for k := 1; k <= images; k++ {
					about := fmt.Sprintf("%s, %s:%d", mode, point, k)
					dir := t.TempDir()
					version.Store(0)
					s.start(t, dir).wait(t, about)
					version.Store(1)
					s.start(t, dir, fmt.Sprintf("FAILPOINT=%s:%d:parent", point, k), "FAILPOINT_LOG="+dir+".log").wait(t, about)
					check(dir, about, 0)
					a := s.start(t, dir)
					if status := a.wait(t, about); status.ExitStatus() != 0 {
						t.Errorf("%s: ends with %v: %s", about, a.cmd.ProcessState, &a.stderr)
					}
					check(dir, about, 1)
					if a := s.start(t, dir); a.wait(t, about).ExitStatus() != 0 || strings.Count(a.stdout.String(), `"status":"skipped"`) != images || strings.Contains(a.stdout.String(), `"changed":true`) {
						t.Errorf("%s: the last run says %s", about, &a.stdout)
					}
				}
			}
		})
	}
}
