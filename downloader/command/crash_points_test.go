//go:build failpoint && linux

package command

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// everyPoint returns the points at which a run of this mode can be killed.
func everyPoint(mode string) (points []string) {
	points = []string{
		"lock-folder", "lock-made", "lock-held", "lock-leaving", "lock-removed", "lock-gone",
		"manifest-read", "manifest-begins", "manifest-torn", "manifest-written",
		"run-begins", "run-collected", "run-dismissed", "put-begins", "put-named", "put-done",
		"stage-created", "stage-torn", "stage-written", "stage-sealed",
	}
	if mode == "process" {
		points = append(points, "worker-ready", "worker-done", "worker-told")
	}
	return points
}

// passedByChild reports whether children pass the point, and not their parent.
func passedByChild(mode, point string) bool {
	return mode == "process" && (strings.HasPrefix(point, "stage-") || strings.HasPrefix(point, "worker-"))
}

// TestCrashPoints kills grab at every passing of every point, one at a time, and runs it
// again.
func TestCrashPoints(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := &points{site: victimSite(t, mode, 8, 0), mode: mode, dir: t.TempDir()}
			passed := p.discover(t)
			if got, want := slices.Sorted(maps.Keys(passed)), slices.Sorted(slices.Values(everyPoint(mode))); !slices.Equal(got, want) {
				t.Fatalf("a run passes %q, want %q", got, want)
			}
			for _, point := range everyPoint(mode) {
				for k := 1; k <= passed[point]; k++ {
					p.trial(t, point, k, "")
					if passedByChild(mode, point) {
						p.trial(t, point, k, ":parent")
					}
				}
			}
			t.Logf("%d kills of grab, %d of children, at %d places; %d kills came to nothing, their places not being passed that often again",
				p.kills, p.childKills, len(passed), p.missed)
			if p.kills < len(passed) || p.missed > (p.kills+p.childKills)/4 {
				t.Errorf("%d kills for %d places, %d missed: this proves little", p.kills, len(passed), p.missed)
			}
		})
	}
}

// TestCrashTwice kills a run in the middle of a line of the manifest, and the next run at
// every point. A third run finishes.
func TestCrashTwice(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := &points{site: victimSite(t, mode, 8, 0), mode: mode, dir: t.TempDir()}
			for _, point := range everyPoint(mode) {
				for _, torn := range []int{1, 3} {
					dir := p.folder(t)
					first, about := p.run(t, dir, "manifest-torn", torn, "")
					if !first.Signaled() {
						p.missed++ // several lines were one write, so the run ended first
						continue
					}
					before := p.site.afterKill(t, about, dir)
					second, again := p.run(t, dir, point, 1, ":parent")
					if !second.Signaled() {
						p.missed++ // all images may have been in their places already
						if second.ExitStatus() != 0 {
							t.Errorf("%s, then %s: ends with %d", about, again, second.ExitStatus())
						}
					}
					after := p.site.afterKill(t, about+", then "+again, dir)
					for i := range before {
						if !after[i] {
							t.Errorf("%s, then %s: the line of index %d is lost", about, again, i)
						}
					}
					p.site.resume(t, about+", then "+again, dir, after)
					p.kills += 2
					os.RemoveAll(dir)
				}
			}
			t.Logf("%d kills, %d missed", p.kills, p.missed)
			if p.missed > p.kills/4 {
				t.Error("this proves little")
			}
		})
	}
}

// points runs the trials of one mode.
type points struct {
	site  *site
	mode  string
	dir   string // of the output directories
	count int    // number of these

	kills, childKills, missed int
}

func (p *points) folder(t *testing.T) string {
	p.count++
	return filepath.Join(p.dir, fmt.Sprint(p.count))
}

// discover counts how often an undisturbed run passes each point.
func (p *points) discover(t *testing.T) map[string]int {
	t.Helper()
	dir := p.folder(t)
	log := dir + ".log"
	a := p.site.start(t, dir, "FAILPOINT=*:0", "FAILPOINT_LOG="+log)
	p.site.complete(t, "undisturbed", dir, a, a.wait(t, "undisturbed"))
	passed := map[string]int{}
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err, &a.stderr)
	}
	for line := range strings.Lines(string(data)) {
		passed[strings.TrimSpace(line)]++
	}
	return passed
}

// run runs grab so that it dies when it passes a point for the k-th time.
func (p *points) run(t *testing.T, dir, point string, k int, victim string) (syscall.WaitStatus, string) {
	t.Helper()
	about := fmt.Sprintf("%s, %s:%d%s", p.mode, point, k, victim)
	_ = os.Remove(dir + ".log")
	a := p.site.start(t, dir, fmt.Sprintf("FAILPOINT=%s:%d%s", point, k, victim), "FAILPOINT_LOG="+dir+".log")
	status := a.wait(t, about)
	if !status.Signaled() && status.ExitStatus() == 0 {
		p.site.complete(t, about, dir, a, status) // a child died, or the point was never passed k times
	}
	return status, about
}

// trial kills once, and checks the invariants on what is left and after a second run.
func (p *points) trial(t *testing.T, point string, k int, victim string) {
	t.Helper()
	dir := p.folder(t)
	defer os.RemoveAll(dir)
	status, about := p.run(t, dir, point, k, victim)
	passings, _ := os.ReadFile(dir + ".log")
	os.Remove(dir + ".log")
	reached := strings.Count(string(passings), "\n") >= k
	inChild := victim == "" && passedByChild(p.mode, point)
	switch {
	case !reached:
		p.missed++
	case inChild:
		p.childKills++
		// A child that dies before it is ready ends the run before it begins. Any other
		// is replaced, and no image is lost.
		if point != "worker-ready" && (status.Signaled() || status.ExitStatus() != 0) {
			t.Errorf("%s: the run ends with %v, exit code %d", about, status, status.ExitStatus())
		}
	default:
		p.kills++
		if !status.Signaled() || status.Signal() != syscall.SIGKILL {
			t.Errorf("%s: was not killed: %v", about, status)
		}
	}
	done := p.site.afterKill(t, about, dir)
	p.site.resume(t, about, dir, done)
}

// TestCrashPanics makes a worker panic at each point that workers pass. The run stops with
// exit code 5 and prints the trace. Finished images are reported and kept, and the next
// run does the rest. A child that panics is replaced like any other that dies.
func TestCrashPanics(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := &points{site: victimSite(t, mode, 8, 0), mode: mode, dir: t.TempDir()}
			for _, point := range []string{"put-begins", "put-named", "put-done", "stage-created", "stage-torn", "stage-written", "stage-sealed"} {
				dir := p.folder(t)
				about := fmt.Sprintf("%s, %s panics", mode, point)
				a := p.site.start(t, dir, "FAILPOINT="+point+":3:panic", "FAILPOINT_LOG="+dir+".log")
				status := a.wait(t, about)
				if passedByChild(mode, point) {
					p.site.complete(t, about, dir, a, status)
					continue
				}
				if status.ExitStatus() != 5 || strings.Count(a.stderr.String(), "panic: at "+point) != 2 || !strings.Contains(a.stderr.String(), "fetch") {
					t.Errorf("%s: exit code %d, and says %s", about, status.ExitStatus(), &a.stderr)
				}
				done := p.site.afterKill(t, about, dir)
				records := parseRecords(t, about, a.stdout.Bytes())
				count := map[string]int{}
				for _, r := range records {
					count[r.Type+" "+r.Class]++
				}
				if count["result internal"] != 1 || count["result "] != len(done) || count["summary "] != 1 {
					t.Errorf("%s: tells %v, and %d images have a line", about, count, len(done))
				}
				p.site.resume(t, about, dir, done)
			}
		})
	}
	t.Run("compare", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		cmd := exec.Command("grab", "compare", "-local", "-latency", "0", "-images", "8", "-progress", "none", "-out", dir+"/images")
		cmd.Env = append(os.Environ(), "FAILPOINT=put-done:12:panic", "FAILPOINT_LOG="+dir+"/log") // in the second mode's warm-up
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 5 {
			t.Errorf("ends with %v", err)
		}
		if !strings.Contains(stderr.String(), "handle.go") || !strings.Contains(string(out), "Nothing is ranked") {
			t.Errorf("tells no trace, or ranks: %s%s", out, &stderr)
		}
	})
}
