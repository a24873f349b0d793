package engine_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
)

// gallery is a server of pictures. Each path has its own; those in down are away.
type gallery struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	down  map[string]bool
}

func pictureOf(path string) string {
	return "GIF89a\x08\x00\x06\x00 picture of " + path + strings.Repeat("x", len(path)%3)
}

func startGallery(t *testing.T) *gallery {
	g := &gallery{asked: map[string]int{}, down: map[string]bool{}}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		g.asked[r.URL.Path]++
		down := g.down[r.URL.Path]
		g.mu.Unlock()
		if down {
			http.Error(w, "down", http.StatusNotFound)
			return
		}
		io.WriteString(w, pictureOf(r.URL.Path))
	}))
	t.Cleanup(g.Close)
	return g
}

// visit forgets the requests so far, and takes some paths down.
func (g *gallery) visit(down map[string]bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked, g.down = map[string]int{}, down
}

// edit changes a list as people do: lines are inserted, deleted, swapped, doubled
// and changed.
func edit(r *rand.Rand, paths []string, next *int) []string {
	paths = slices.Clone(paths)
	fresh := func() string { *next++; return fmt.Sprintf("/%d.gif", *next) }
	for range 1 + r.IntN(6) {
		at := r.IntN(len(paths) + 1)
		switch r.IntN(6) {
		case 0, 1:
			paths = slices.Insert(paths, at, fresh())
		case 2:
			if len(paths) > 1 {
				paths = slices.Delete(paths, at%len(paths), at%len(paths)+1)
			}
		case 3:
			r.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		case 4:
			if len(paths) > 0 {
				paths = slices.Insert(paths, at, paths[r.IntN(len(paths))])
			}
		case 5:
			if len(paths) > 0 {
				paths[at%len(paths)] = fresh()
			}
		}
	}
	return paths
}

// TestEditedLists runs lists that are edited between the runs, with a part of the
// images away. Whatever was finished once is in the directory afterwards, and each
// run asks for what is new and nothing else.
func TestEditedLists(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Verify, opts.Retries = VerifyType, 0
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		g := startGallery(t)
		opts.Dir = t.TempDir()
		next := 0
		paths := edit(r, []string{"/first.gif"}, &next)
		finished := map[string]int{} // how many images of each path were finished at a time, at most
		for range 8 {
			down := map[string]bool{}
			for _, p := range paths {
				down[p] = r.IntN(4) == 0
			}
			g.visit(down)
			var urls []string
			wanted := map[string]int{}
			for _, p := range paths {
				urls = append(urls, g.URL+p)
				wanted[p]++
			}
			o := fetch(t, opts, urls...)
			for i, result := range o.results {
				if result.Status == StatusOK || result.Status == StatusSkipped {
					checkPicture(t, filepath.Join(opts.Dir, result.File), paths[i])
				} else if !down[paths[i]] {
					t.Errorf("%s: %s", paths[i], result.Error)
				}
			}
			for p, n := range wanted {
				// What is away may be asked for once more, on a new connection.
				want := max(0, n-finished[p])
				if most := map[bool]int{false: want, true: 2 * want}[down[p]]; g.asked[p] < want || g.asked[p] > most {
					t.Errorf("%s was asked for %d times, want %d", p, g.asked[p], want)
				}
				if !down[p] {
					finished[p] = max(finished[p], n)
				}
			}
			checkKept(t, opts.Dir, finished)
			paths = edit(r, paths, &next)
		}
	})
}

func checkPicture(t *testing.T, file, path string) {
	t.Helper()
	if data, err := os.ReadFile(file); err != nil || string(data) != pictureOf(path) {
		t.Errorf("%s is not the picture of %s: %q, %v", file, path, data, err)
	}
}

// checkKept looks for all that was ever finished, by its bytes.
func checkKept(t *testing.T, dir string, finished map[string]int) {
	t.Helper()
	there := map[[sha256.Size]byte]int{}
	for _, pattern := range []string{"image_*", "earlier/*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			there[sha256.Sum256(data)]++
		}
	}
	for path, n := range finished {
		if got := there[sha256.Sum256([]byte(pictureOf(path)))]; got != n {
			t.Errorf("%d pictures of %s, want %d", got, path, n)
		}
	}
}

// TestFailuresAreRecordedOnce runs a list again whose lines cannot be fetched, or fail.
// The manifest does not grow by that.
func TestFailuresAreRecordedOnce(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Retries = 0
		g := startGallery(t)
		g.visit(map[string]bool{"/gone.gif": true})
		list := []string{"no URL", "ftp://a.test/", "no URL", g.URL + "/gone.gif", g.URL + "/gone.gif", g.URL + "/a.gif"}
		manifest := filepath.Join(opts.Dir, "manifest.jsonl")
		var first string
		for range 3 {
			fetch(t, opts, list...)
			data, err := os.ReadFile(manifest)
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = string(data)
			}
			if string(data) != first {
				t.Errorf("the manifest was\n%s\nand is\n%s", first, data)
			}
		}
	})
}
