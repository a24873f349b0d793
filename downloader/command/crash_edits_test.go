//go:build failpoint && linux

package command

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// movePoints are the points that only a run after another one passes.
func movePoints() []string {
	return []string{
		"moves-logged", "moves-renamed", "moves-recorded", "moves-done",
		"compact-written", "compact-synced", "compact-renamed",
	}
}

// edited is a directory after a run of a list, and that list after an edit.
type edited struct {
	*gallery
	base     string // the directory
	log      string // of the failpoints
	finished map[string]int

	kills, missed int
}

// prepareEdit runs a list, whose manifest then is worth compacting. The new list has all
// that makes files move: circles, swaps, lines in front, without, doubled and new.
func prepareEdit(t *testing.T, mode, template string) *edited {
	t.Helper()
	g := startGallery(t, mode)
	g.name = template
	for range 9 {
		g.paths = append(g.paths, g.fresh())
	}
	g.paths = append(g.paths, g.paths[2])
	g.run(t, "first list")
	name := filepath.Join(g.dir, "manifest.jsonl")
	lines, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.Repeat(lines, 10), 0o666); err != nil {
		t.Fatal(err)
	}
	e := &edited{gallery: g, base: g.dir, log: filepath.Join(t.TempDir(), "log"), finished: g.finished}
	p := g.paths
	g.paths = []string{p[1], p[2], p[0], p[4], p[3], g.fresh(), p[2], g.fresh(), p[8], p[6], p[2]}
	g.absent[p[6]] = 404
	return e
}

// begin makes a new directory like the base.
func (e *edited) begin(t *testing.T) {
	t.Helper()
	e.gallery.dir = filepath.Join(t.TempDir(), "out")
	if err := os.CopyFS(e.dir, os.DirFS(e.base)); err != nil {
		t.Fatal(err)
	}
	e.gallery.finished = map[string]int{}
	for p, n := range e.finished {
		e.gallery.finished[p] = n
	}
}

// passed returns how often a run passes each point.
func (e *edited) passed(t *testing.T) map[string]int {
	t.Helper()
	e.begin(t)
	e.start(t, nil, "FAILPOINT=*:0", "FAILPOINT_LOG="+e.log).wait(t, "undisturbed")
	data, err := os.ReadFile(e.log)
	if err != nil {
		t.Fatal(err)
	}
	passed := map[string]int{}
	for line := range strings.Lines(string(data)) {
		passed[strings.TrimSpace(line)]++
	}
	return passed
}

// kill runs grab and kills it at a point, and reports whether it came that far.
func (e *edited) kill(t *testing.T, about, point string, k int, flags ...string) bool {
	t.Helper()
	os.Remove(e.log)
	a := e.start(t, flags, fmt.Sprintf("FAILPOINT=%s:%d:parent", point, k), "FAILPOINT_LOG="+e.log)
	status := a.wait(t, about)
	e.afterKill(t, about)
	if !status.Signaled() {
		e.missed++
		return false
	}
	e.kills++
	return true
}

// TestCrashEdited kills grab at every passing of every point while it runs an edited
// list, and again while it mends that.
func TestCrashEdited(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			crashEdited(t, prepareEdit(t, mode, ""))
		})
	}
}

// TestCrashEditedNamed is TestCrashEdited for files with names by a template.
func TestCrashEditedNamed(t *testing.T) {
	for mode, template := range map[string]string{"sequential": "{index}/{base}", "pool": "{path}-{line}", "process": "{sha256:1}/{index}"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			crashEdited(t, prepareEdit(t, mode, template))
		})
	}
}

func crashEdited(t *testing.T, e *edited) {
	passed, mode := e.passed(t), e.mode
	points := append(everyPoint(mode), movePoints()...)
	for _, point := range points {
		if passed[point] == 0 {
			t.Errorf("an edited list does not pass %s", point)
		}
		for k := 1; k <= passed[point]; k++ {
			if k > 2 && k < passed[point] && !slices.Contains(movePoints(), point) {
				continue // TestCrashPoints has these
			}
			about := fmt.Sprintf("%s, %s:%d", mode, point, k)
			e.begin(t)
			e.kill(t, about, point, k)
			e.run(t, about+", resumed")
			e.settled(t, about)
		}
	}
	for k := 1; k <= passed["moves-renamed"]; k++ {
		for _, second := range []string{"moves-renamed:1", "moves-renamed:3", "moves-recorded:1", "manifest-torn:1", "compact-synced:1", "put-named:1"} {
			about := fmt.Sprintf("%s, moves-renamed:%d, then %s", mode, k, second)
			name, number, _ := strings.Cut(second, ":")
			e.begin(t)
			e.kill(t, about, "moves-renamed", k)
			e.kill(t, about, name, int(number[0]-'0'))
			e.run(t, about+", resumed")
			e.settled(t, about)
		}
	}
	for _, point := range []string{"put-begins", "put-named", "put-done", "moves-renamed", "moves-recorded", "manifest-begins", "manifest-torn"} {
		for k := 1; k <= 8; k++ {
			about := fmt.Sprintf("%s, -force, %s:%d", mode, point, k)
			e.begin(t)
			e.kill(t, about, point, k, "-force")
			e.run(t, about+", resumed")
			e.settled(t, about)
		}
	}
	t.Logf("%d kills; %d came to nothing", e.kills, e.missed)
}

// TestCrashEditedRandom kills grab at random moments while it runs lists that are edited
// all the time, until there were CRASH_KILLS kills in each mode.
func TestCrashEditedRandom(t *testing.T) {
	kills := fromEnv(t, "CRASH_KILLS", 40)
	random := chance(t)
	for _, mode := range []string{"sequential", "pool", "process"} {
		r := rand.New(rand.NewPCG(random.Uint64(), 0))
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			killed, lists, unknown := 0, 0, 0
			for killed < kills && !t.Failed() {
				g := startGallery(t, mode)
				for range 20 {
					g.paths = append(g.paths, g.fresh())
				}
				length := g.measure(t)
				for range 12 {
					killed += g.crash(t, fmt.Sprintf("%s, list %d", mode, lists), r, length)
					lists++
				}
				files, _ := filepath.Glob(filepath.Join(g.dir, "earlier", "*"))
				unknown += len(files)
				g.Close()
				os.RemoveAll(g.dir)
			}
			t.Logf("%d kills, %d lists completed; %d files in earlier", killed, lists, unknown)
		})
	}
}

// measure returns how long a run takes.
func (g *gallery) measure(t *testing.T) (length time.Duration) {
	t.Helper()
	for range 2 {
		os.RemoveAll(g.dir)
		clear(g.finished)
		began := time.Now()
		g.run(t, "undisturbed")
		length = time.Since(began)
	}
	return length
}

// crash edits the list, kills runs of it, and lets one end. It returns the number of
// kills.
func (g *gallery) crash(t *testing.T, about string, r *rand.Rand, length time.Duration) (killed int) {
	t.Helper()
	g.edit(r)
	if r.IntN(3) == 0 {
		g.name = []string{"", "base", "{base}", "url", "{index}/{base}"}[r.IntN(5)]
	}
	flags := [][]string{nil, nil, nil, {"-force"}, {"-check"}, {"-gone-for", "1h"}}[r.IntN(6)]
	for range 1 + r.IntN(10) {
		g.leave(r, 5)
		a := g.start(t, flags)
		axe := time.AfterFunc(time.Duration(r.Int64N(int64(length))), func() { _ = a.cmd.Process.Kill() })
		status := a.wait(t, about)
		axe.Stop()
		g.afterKill(t, fmt.Sprintf("%s, kill %d", about, killed+1))
		if status.Signaled() {
			killed++
		}
		if r.IntN(3) == 0 {
			g.edit(r)
		}
	}
	g.leave(r, 5)
	if slices.Contains(flags, "-gone-for") {
		flags = nil
	}
	g.run(t, about+", resumed", flags...)
	g.settled(t, about)
	return killed
}
