package command

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Parts of a list that run at the same time in one directory, and are killed at random and run
// again, have all images once, byte for byte as one run of the whole list.
func TestPartsTogether(t *testing.T) {
	const parts, count, kills = 4, 240, 3
	dir := t.TempDir()
	flags := []string{"-local", "-latency", "5ms", "-images", fmt.Sprint(count), "-q"}
	if out, err := exec.Command("grab", append(flags, "-out", filepath.Join(dir, "whole"))...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	shared := filepath.Join(dir, "shared")
	var running sync.WaitGroup
	for number := range parts {
		mode := []string{"pool", "process", "sequential", "pool"}[number]
		args := append(flags, "-out", shared, "-n", "2", "-mode", mode, "-part", fmt.Sprintf("%d/%d", number+1, parts))
		running.Go(func() {
			for range kills {
				g := launch(t, dir, nil, args...)
				timer := time.AfterFunc(time.Duration(rand.N(250))*time.Millisecond, func() { g.signal(syscall.SIGKILL) })
				_, _ = io.Copy(io.Discard, g.out)
				_ = g.Wait()
				timer.Stop()
			}
			g := launch(t, dir, nil, args...)
			_, _ = io.Copy(io.Discard, g.out)
			if err := g.Wait(); err != nil {
				t.Errorf("part %d: %v: %s", number+1, err, &g.stderr)
			}
		})
	}
	running.Wait()
	there, err := filepath.Glob(filepath.Join(shared, "part-?-of-4", "image_*"))
	if err != nil || len(there) != count {
		t.Errorf("%d images, want %d (%v)", len(there), count, err)
	}
	for _, name := range there {
		got, err := os.ReadFile(name)
		want, missing := os.ReadFile(filepath.Join(dir, "whole", filepath.Base(name)))
		if err != nil || missing != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not the image of the whole run (%v, %v)", name, err, missing)
		}
	}
	out, err := exec.Command("grab", "check", shared).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), fmt.Sprintf("%d files: %[1]d intact", count)) {
		t.Errorf("%v: %s", err, out)
	}
}
