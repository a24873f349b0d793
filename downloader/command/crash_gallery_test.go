//go:build failpoint && linux

package command

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// gallery is a server of pictures, and a directory that lists of them go to. Each path
// has bytes of its own, and many have the same length.
type gallery struct {
	*httptest.Server
	mode string
	dir  string // of the images
	list string // file of the list
	name string // template of the names; empty: by the places

	paths    []string       // of the list
	finished map[string]int // by path: how many images there have been at a time, at most
	next     int            // number of the next new path

	mu     sync.Mutex
	asked  map[string]int // by path, in the run that is not killed
	absent map[string]int // by path: HTTP status, or 1 for no answer
}

func pictureOf(path string) []byte {
	number, _ := strconv.Atoi(strings.Trim(path, "/.gif"))
	size := 40 + number%3
	if number%9 == 8 {
		size = 100_000 // more than one write
	}
	return fmt.Appendf(nil, "GIF89a\x08\x00\x06\x00 %s %s", path, strings.Repeat("x", size-len(path)))
}

func startGallery(t *testing.T, mode string) *gallery {
	t.Helper()
	folder := t.TempDir()
	g := &gallery{
		mode: mode, dir: filepath.Join(folder, "out"), list: filepath.Join(folder, "list.txt"),
		finished: map[string]int{}, asked: map[string]int{}, absent: map[string]int{},
	}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(time.Duration(rand.IntN(1000)) * time.Microsecond): // the way to a server
		case <-r.Context().Done(): // grab was killed
			return
		}
		g.mu.Lock()
		if r.Header.Get("X-Run") != "" {
			g.asked[r.URL.Path]++
		}
		status := g.absent[r.URL.Path]
		g.mu.Unlock()
		switch status {
		case 0:
			_, _ = w.Write(pictureOf(r.URL.Path))
		case 1:
			panic(http.ErrAbortHandler)
		default:
			http.Error(w, "away", status)
		}
	}))
	g.Config.ErrorLog = nil
	t.Cleanup(g.Close)
	return g
}

// fresh returns a path that was in no list yet.
func (g *gallery) fresh() string { g.next++; return fmt.Sprintf("/%d.gif", g.next) }

// edit changes the list as people do.
func (g *gallery) edit(r *rand.Rand) {
	for range 1 + r.IntN(5) {
		n := len(g.paths)
		at := r.IntN(n + 1)
		switch change := r.IntN(8); {
		case change < 2 || n < 3:
			g.paths = slices.Insert(g.paths, at, g.fresh())
		case change == 2:
			g.paths = slices.Insert(g.paths, 0, g.fresh())
		case change == 3:
			g.paths = slices.Delete(g.paths, at%n, at%n+1)
		case change == 4:
			r.Shuffle(n, func(i, j int) { g.paths[i], g.paths[j] = g.paths[j], g.paths[i] })
		case change == 5:
			i := r.IntN(n)
			g.paths[i], g.paths[at%n] = g.paths[at%n], g.paths[i]
		case change == 6:
			g.paths = slices.Insert(g.paths, at, g.paths[r.IntN(n)])
		default:
			g.paths[at%n] = g.fresh()
		}
	}
	if len(g.paths) > 40 {
		g.paths = g.paths[:30]
	}
}

// leave makes about one image in n absent, and the others present; 0: none is absent.
func (g *gallery) leave(r *rand.Rand, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.absent)
	for _, p := range g.paths {
		if n > 0 && r.IntN(n) == 0 {
			g.absent[p] = []int{1, 404, 410, 500}[r.IntN(4)]
		}
	}
}

// start runs grab on the list.
func (g *gallery) start(t *testing.T, flags []string, env ...string) *attempt {
	t.Helper()
	var text strings.Builder
	for _, p := range g.paths {
		fmt.Fprintln(&text, g.URL+p)
	}
	if err := os.WriteFile(g.list, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	if g.name != "" {
		flags = append(slices.Clone(flags), "-name", g.name)
	}
	s := &site{args: append(flags, "-mode", g.mode, "-n", "3", "-retries", "0", "-verify", "type", "-json", "-progress", "none", g.list)}
	return s.start(t, g.dir, env...)
}

// afterKill checks what must be true at any moment: each file is a whole picture, and
// there are as many of each as were ever finished.
func (g *gallery) afterKill(t *testing.T, about string) {
	t.Helper()
	count := map[string]int{}
	for _, r := range g.records(t, about) {
		count[strings.TrimPrefix(r.URL, g.URL)]++
	}
	for p, n := range count {
		g.finished[p] = max(g.finished[p], n)
	}
	there := map[string]int{}
	for _, name := range g.pictures(t) {
		there[g.pathOf(t, about, filepath.Join(g.dir, name))]++
	}
	for p, n := range g.finished {
		if there[p] < n {
			t.Errorf("%s: %d pictures of %s are left, of %d", about, there[p], p, n)
		}
	}
}

// pathOf returns the path whose picture a file is.
func (g *gallery) pathOf(t *testing.T, about, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Errorf("%s: %v", about, err)
		return ""
	}
	for field := range strings.FieldsSeq(string(data[:min(len(data), 100)])) {
		if strings.HasPrefix(field, "/") && bytes.Equal(data, pictureOf(field)) {
			return field
		}
	}
	t.Errorf("%s: %s is no picture: %.60q", about, name, data)
	return ""
}

// records returns the records of images that hold: the last line of each URL and number,
// unless a later line has its file.
func (g *gallery) records(t *testing.T, about string) map[string]record {
	t.Helper()
	hold, owner := map[string]record{}, map[string]string{}
	for _, r := range journal(t, about, g.dir) {
		number := r.Index
		if r.Rec != nil {
			number = *r.Rec
		}
		id := fmt.Sprint(r.URL, " ", number)
		if former, ok := hold[id]; ok && owner[former.File] == id {
			delete(owner, former.File)
		}
		delete(hold, id)
		if r.Status != "ok" {
			continue
		}
		if former, ok := owner[r.File]; ok {
			delete(hold, former)
		}
		hold[id], owner[r.File] = r, id
	}
	return hold
}

// run runs grab undisturbed. It must ask once for each image that is not finished, must
// tell of each line of the list, and its records must be true.
func (g *gallery) run(t *testing.T, about string, flags ...string) {
	t.Helper()
	clear(g.asked)
	a := g.start(t, flags, "GRAB_HEADER=X-Run: counted") // requests of a killed run may still arrive
	status := a.wait(t, about)
	if status.Signaled() || status.ExitStatus() > 1 {
		t.Errorf("%s: ends with %v: %s", about, a.cmd.ProcessState, &a.stderr)
	}
	wanted := map[string]int{}
	for _, p := range g.paths {
		wanted[p]++
	}
	g.mu.Lock()
	forced := slices.Contains(flags, "-force")
	for p, n := range wanted {
		want := max(0, n-g.finished[p])
		if forced {
			want = n
		}
		// A request that got no answer may be sent again. A response without an image is
		// confirmed on a new connection. A host that fails is left alone for a while.
		switch asked := g.asked[p]; {
		case g.absent[p] == 1:
		case g.absent[p] == 0 && asked != want, asked > 2*want:
			t.Errorf("%s: asked for %s %d times, want %d", about, p, asked, want)
		}
		if g.absent[p] == 0 {
			g.finished[p] = max(g.finished[p], n)
		}
	}
	absent := maps.Clone(g.absent)
	g.mu.Unlock()
	results := map[int]record{}
	for _, r := range parseRecords(t, about, a.stdout.Bytes()) {
		if r.Type == "summary" || r.Type == "host" {
			continue
		}
		if _, twice := results[r.Index]; twice || r.Index >= len(g.paths) {
			t.Errorf("%s: a result too many: %+v", about, r)
			continue
		}
		results[r.Index] = r
		p := g.paths[r.Index]
		if r.Status != "failed" {
			if found := g.pathOf(t, about, filepath.Join(g.dir, r.File)); found != p || strings.HasPrefix(r.File, "earlier") {
				t.Errorf("%s: %s of %s is the picture of %s", about, r.File, p, found)
			}
		} else if absent[p] == 0 {
			t.Errorf("%s: %s: %+v", about, p, r)
		}
	}
	if len(results) != len(g.paths) {
		t.Errorf("%s: %d results of %d: %s", about, len(results), len(g.paths), &a.stderr)
	}
	g.afterKill(t, about)
	g.clean(t, about)
}

// clean checks what is left by a run that ended by itself.
func (g *gallery) clean(t *testing.T, about string) {
	t.Helper()
	files := map[string]bool{}
	for _, r := range g.records(t, about) {
		if p := g.pathOf(t, about, filepath.Join(g.dir, r.File)); g.URL+p != r.URL || r.Bytes != len(pictureOf(p)) {
			t.Errorf("%s: %s has the picture of %s, but its line is %+v", about, r.File, p, r)
		}
		if files[r.File] {
			t.Errorf("%s: two records have %s", about, r.File)
		}
		files[r.File] = true
	}
	for _, name := range g.pictures(t) {
		if !files[name] && !strings.HasPrefix(name, "earlier/") {
			t.Errorf("%s: a stray %s", about, name)
		}
	}
	if _, err := os.Stat(filepath.Join(g.dir, ".grab")); err == nil {
		t.Errorf("%s: the state folder is left", about)
	}
}

// pictures returns the names of all files but grab's own. There are no empty folders.
func (g *gallery) pictures(t *testing.T) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(g.dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == ".", name == "manifest.jsonl":
			return nil
		case name == ".grab":
			return fs.SkipDir
		case err == nil && !d.IsDir():
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// settled checks that a run asks for nothing and changes nothing, once all is there.
func (g *gallery) settled(t *testing.T, about string) {
	t.Helper()
	g.leave(nil, 0)
	g.run(t, about+", all there")
	before := g.contents(t)
	g.run(t, about+", once more")
	after := g.contents(t)
	if manifest := filepath.Join(g.dir, "manifest.jsonl"); after[manifest] < before[manifest] {
		delete(before, manifest) // compacted
		delete(after, manifest)
	}
	maps.DeleteFunc(after, func(name string, size int64) bool {
		was, there := before[name]
		if there && was == size {
			delete(before, name)
		}
		return there && was == size
	})
	if len(before) > 0 || len(after) > 0 {
		t.Errorf("%s: a run with nothing to do changes %v to %v", about, before, after)
	}
}

// contents returns the names in the directory, with the sizes.
func (g *gallery) contents(t *testing.T) map[string]int64 {
	t.Helper()
	sizes := map[string]int64{}
	err := filepath.WalkDir(g.dir, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, failed := d.Info()
			err, sizes[name] = failed, info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sizes
}
