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
	"testing"
)

// twins is a list of images of which every second one has the same bytes.
type twins struct {
	*site
	server *httptest.Server
	mode   string
}

const twinImages = 6

func twinPicture(i int) []byte {
	return fmt.Appendf(nil, "GIF89a\x08\x00\x06\x00 %d %s", i%2, strings.Repeat("x", 100_000))
}

func startTwins(t *testing.T, mode string) *twins {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d.gif", &i)
		_, _ = w.Write(twinPicture(i))
	}))
	t.Cleanup(server.Close)
	return &twins{server: server, mode: mode}
}

// order makes the list begin with the image of that number.
func (w *twins) order(t *testing.T, first int) {
	t.Helper()
	var list strings.Builder
	for i := range twinImages {
		fmt.Fprintf(&list, "%s/%d.gif\n", w.server.URL, (first+i)%twinImages)
	}
	name := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(name, []byte(list.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	w.site = &site{args: []string{"-dedupe", "-mode", w.mode, "-n", "3", "-verify", "type", "-json", "-progress", "none", name}}
}

// check looks at the files of a list that begins with the image of that number. All are
// whole, if they are there.
func (w *twins) check(t *testing.T, about, dir string, first int, all bool) {
	t.Helper()
	for i := range twinImages {
		data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("image_%d.gif", i)))
		if !all && (err != nil || first < 0) {
			continue
		}
		if err != nil || !bytes.Equal(data, twinPicture(first+i)) {
			t.Errorf("%s: image %d has %d bytes, %v", about, i, len(data), err)
		}
	}
}

// TestCrashDedupe kills grab at every step of a run that stores equal bytes once, and of one
// that moves such files in a circle. No image is lost, and none has another one's bytes.
func TestCrashDedupe(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := startTwins(t, mode)
			kills := 0
			kill := func(dir, about, point string, k int) {
				a := w.start(t, dir, fmt.Sprintf("FAILPOINT=%s:%d:parent", point, k), "FAILPOINT_LOG="+dir+".log")
				if a.wait(t, about).Signaled() {
					kills++
				}
			}
			w.order(t, 0)
			for _, point := range []string{"stage-sealed", "once-linked", "put-begins", "put-named", "once-put", "put-done", "manifest-begins", "manifest-torn", "manifest-written"} {
				for k := 1; k <= twinImages; k++ {
					about := fmt.Sprintf("%s, %s:%d", mode, point, k)
					dir := t.TempDir()
					kill(dir, about, point, k)
					w.check(t, about, dir, 0, false)
					if status := w.start(t, dir).wait(t, about); status.ExitStatus() != 0 {
						t.Errorf("%s: the next run ends with %v", about, status)
					}
					w.check(t, about, dir, 0, true)
				}
			}
			for _, point := range []string{"moves-logged", "moves-renamed", "moves-recorded", "moves-done"} {
				for k := 1; k <= twinImages+1; k++ {
					for _, first := range []int{1, 2, 3} {
						about := fmt.Sprintf("%s, from %d, %s:%d", mode, first, point, k)
						dir := t.TempDir()
						w.order(t, 0)
						w.start(t, dir).wait(t, about)
						w.order(t, first)
						kill(dir, about, point, k)
						a := w.start(t, dir)
						if status := a.wait(t, about); status.ExitStatus() != 0 || strings.Count(a.stdout.String(), `"status":"skipped"`) != twinImages {
							t.Errorf("%s: the next run ends with %v: %s", about, status, &a.stdout)
						}
						w.check(t, about, dir, first, true)
						if left, err := filepath.Glob(filepath.Join(dir, "earlier", "*")); len(left) > 0 || err != nil {
							t.Errorf("%s: %q are left, %v", about, left, err)
						}
					}
				}
			}
			if t.Logf("%d kills", kills); kills < 40 {
				t.Errorf("%d kills prove little", kills)
			}
		})
	}
}
