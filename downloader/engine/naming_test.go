package engine_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/manifest"
	"grab/downloader/naming"
	"grab/downloader/outdir"
)

// runNamed runs opts over a list of URLs whose files have names by a template, if there is one.
func runNamed(t *testing.T, opts Options, template string, unique bool, urls ...string) []Result {
	t.Helper()
	out, err := outdir.Open(opts.Dir, outdir.Options{Verify: opts.Verify})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := out.Close(); err != nil {
			t.Error(err)
		}
	}()
	src := lines(urls...)
	if template != "" {
		parsed, err := naming.Parse(template)
		if err != nil {
			t.Fatal(err)
		}
		src = naming.Rule{Template: parsed, Unique: unique}.Apply(src)
	}
	results := make([]Result, len(urls))
	e, err := New(opts, Deps{
		Output: out, WorkerCommand: append(childCommand("worker"), opts.Dir),
		Observers: []Observer{ObserverFunc(func(r Result) { results[r.Index] = r })},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Run(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	return results
}

// images returns the files below a directory that are images, with their contents.
func images(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".gif" {
			return err
		}
		data, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		found[filepath.ToSlash(relative)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestNames has lists and the names that their files get, whichever image comes first.
func TestNames(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		g := startGallery(t)
		host := strings.Replace(strings.TrimPrefix(g.URL, "http://"), ":", "+", 1)
		day := time.Now().UTC().Format(time.DateOnly)
		for template, want := range map[string][]string{
			"url":                      {host + "/a/1.gif", host + "/b/1.gif", host + "/a/1-2.gif", host + "/A/1-3.gif", host + "/c/_con.gif", host + "/5.gif"},
			"base":                     {"1.gif", "1-2.gif", "1-3.gif", "1-4.gif", "_con.gif", "5.gif"},
			"{dir|host}/{index:03}":    {"a/000.gif", "b/001.gif", "a/002.gif", "A/003.gif", "c/004.gif", host + "/005.gif"},
			"{ext}/{line}.{ext}":       {"gif/1.gif", "gif/2.gif", "gif/3.gif", "gif/4.gif", "gif/5.gif", "gif/6.gif"},
			"{date}/x{index}":          {day + "/x0.gif", day + "/x1.gif", day + "/x2.gif", day + "/x3.gif", day + "/x4.gif", day + "/x5.gif"},
			"earlier/{{{stem|index}}}": {"_earlier/{1}.gif", "_earlier/{1}-2.gif", "_earlier/{1}-3.gif", "_earlier/{1}-4.gif", "_earlier/{con}.gif", "_earlier/{5}.gif"},
		} {
			opts.Dir = t.TempDir()
			urls := []string{g.URL + "/a/1.gif", g.URL + "/b/1.gif", g.URL + "/a/1.gif?2", g.URL + "/A/1.GIF", g.URL + "/c/con.png", g.URL}
			for range 2 {
				var names []string
				for _, r := range runNamed(t, opts, template, false, urls...) {
					names = append(names, r.File)
				}
				if !slices.Equal(names, want) {
					t.Errorf("%s: %q, want %q", template, names, want)
				}
			}
			if there := slices.Sorted(maps.Keys(images(t, opts.Dir))); !slices.Equal(there, sorted(slices.Clone(want))) {
				t.Errorf("%s: there are %q", template, there)
			}
		}
	})
}

// TestNameConflictFails fails what has the name of an entry before it, and nothing else.
func TestNameConflictFails(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		g := startGallery(t)
		results := runNamed(t, opts, "base", true, g.URL+"/a/1.gif", g.URL+"/b/1.gif", g.URL+"/b/2.gif")
		expect(t, results[0], StatusOK, "", 1)
		expect(t, results[1], StatusFailed, ClassExists, 0)
		expect(t, results[2], StatusOK, "", 1)
	})
}

// TestNamedEdits runs lists that are edited between the runs, with names by templates that
// differ from run to run. Each run asks for what is new and nothing else, and nothing that
// was finished is lost.
func TestNamedEdits(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Retries = 0
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		g := startGallery(t)
		opts.Dir = t.TempDir()
		next := 0
		paths := edit(r, []string{"/first.gif"}, &next)
		finished := map[string]int{} // how many images of each path were finished at a time, at most
		template := "base"
		for range 12 {
			g.visit(nil)
			if r.IntN(3) == 0 {
				template = []string{"base", "url", "a/{index}", "{sha256:1}/{stem}", "{date}-{index}", "image_{line}", "x", ""}[r.IntN(8)]
			}
			var urls []string
			wanted := map[string]int{}
			for _, p := range paths {
				urls = append(urls, g.URL+p)
				wanted[p]++
			}
			results := runNamed(t, opts, template, false, urls...)
			names := map[string]bool{}
			for i, result := range results {
				checkPicture(t, filepath.Join(opts.Dir, result.File), paths[i])
				names[result.File] = true
			}
			if len(names) != len(paths) {
				t.Errorf("%s: %d names for %d entries", template, len(names), len(paths))
			}
			there := map[string]int{}
			for _, data := range images(t, opts.Dir) {
				there[data]++
			}
			for p, n := range wanted {
				if want := max(0, n-finished[p]); g.asked[p] != want {
					t.Errorf("%s: %s was asked for %d times, want %d", template, p, g.asked[p], want)
				}
				finished[p] = max(finished[p], n)
			}
			for p, n := range finished {
				if got := there[pictureOf(p)]; got != n {
					t.Errorf("%s: %d pictures of %s, want %d", template, got, p, n)
				}
			}
			paths = edit(r, paths, &next)
		}
	})
}

// TestNameIsTaken has files and links of others where names lead.
func TestNameIsTaken(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		g, outside := startGallery(t), t.TempDir()
		for name, text := range map[string]string{"cats/1.gif": "mine", "cats/2.gif": pictureOf("/cats/2.gif"), "file": "mine", "dogs/readme": "mine"} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(opts.Dir, name)), 0o777); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(opts.Dir, name), text)
		}
		if err := os.Symlink(outside, filepath.Join(opts.Dir, "out")); err != nil {
			t.Skip(err)
		}
		var urls []string
		for _, path := range []string{"/cats/1.gif", "/cats/2.gif", "/file/3.gif", "/out/4.gif", "/dogs/5.gif"} {
			urls = append(urls, g.URL+path)
		}
		for range 2 {
			results := runNamed(t, opts, "{path}", false, urls...)
			for i, class := range []Class{ClassExists, "", ClassExists, ClassExists, ""} {
				if results[i].Class != class {
					t.Errorf("%s: %s, %s", urls[i], results[i].Class, results[i].Error)
				}
			}
		}
		if there := images(t, opts.Dir); there["cats/1.gif"] != "mine" || len(there) != 3 {
			t.Errorf("%q", there)
		}
		if there := images(t, outside); len(there) > 0 {
			t.Errorf("outside: %q", there)
		}
	})
}

// TestNamesInQueue names more entries than wait in memory, of a host that is slow to
// be asked: names survive the queue on the disk.
func TestNamesInQueue(t *testing.T) {
	opts := options(t, modeCase{Pool, 4})
	g := startGallery(t)
	var urls []string
	for i := range 12_000 {
		urls = append(urls, fmt.Sprintf("%s/%d.gif", g.URL, i))
	}
	opts.PerHost = 2
	for i, r := range runNamed(t, opts, "n/{index:05}", false, urls...) {
		if want := fmt.Sprintf("n/%05d.gif", i); r.File != want {
			t.Fatalf("%s: %s, want %s: %s", r.URL, r.File, want, r.Error)
		}
	}
}

// TestPlantedNames has a manifest that came with an archive: it names files that were there
// before. Whatever the run, each of them is there afterwards, and so is what links lead to.
func TestPlantedNames(t *testing.T) {
	mine := map[string]string{
		"holiday.gif": pictureOf("/mine"), "damaged.gif": "GIF89a", "cats/1.gif": pictureOf("/cat"), "2.gif": pictureOf("/two!"), "x/3.gif": "GIF89a", "earlier/old.gif": "GIF89a old",
		"notes.txt": "mine", "album.gif/photo.gif": "mine too", "../outside.gif": pictureOf("/outside"),
	}
	planted := []string{
		"holiday.gif", "damaged.gif", "cats/1.gif", "2.gif", "x/3.gif", "earlier/old.gif",
		"notes.txt", "album.gif", "album.gif/photo.gif", "../outside.gif", "cats/../../outside.gif", "link.gif", "far/outside.gif",
	}
	eachMode(t, func(t *testing.T, opts Options) {
		g := startGallery(t)
		templates := []string{"base"}
		if opts.Mode == Pool { // where others move files at the same time
			templates = []string{"", "base", "{path}", "holiday", "{dir|index}/{index}"}
		}
		for _, template := range templates {
			for what, change := range map[string]func(*Options){
				"plain": func(*Options) {}, "force": func(o *Options) { o.Force = true }, "check": func(o *Options) { o.Check = true },
				"update": func(o *Options) { o.Update = true },
			} {
				opts := opts
				change(&opts)
				above := t.TempDir()
				opts.Dir = filepath.Join(above, "out")
				for name, text := range mine {
					write(t, filepath.Join(opts.Dir, name), text)
				}
				if err := errors.Join(os.Symlink("../outside.gif", filepath.Join(opts.Dir, "link.gif")), os.Symlink("..", filepath.Join(opts.Dir, "far"))); err != nil {
					t.Skip(err)
				}
				j, err := manifest.Open(opts.Dir, false)
				if err != nil {
					t.Fatal(err)
				}
				var urls []string
				for i, name := range planted {
					url := fmt.Sprintf("%s/cats/%d.gif", g.URL, i)
					urls = append(urls, url)
					info, err := os.Stat(filepath.Join(opts.Dir, name))
					if err != nil {
						t.Fatal(err)
					}
					r := Result{Item: Item{Index: i, Line: i + 1, URL: url}, Status: StatusOK, File: name, Bytes: info.Size(), SHA256: strings.Repeat("0", 64), ETag: `"x"`}
					if i%3 == 2 {
						r.Bytes++
					}
					j.Observe(r)
				}
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
				for range 3 {
					runNamed(t, opts, template, false, urls...)
					slices.Reverse(urls)
					urls = append(urls[1:], fmt.Sprintf("%s/%d.gif", g.URL, len(urls)))
				}
				checkMine(t, fmt.Sprintf("%q, %s", template, what), opts.Dir, mine)
			}
		}
	})
}

// checkMine looks for the files that were there before. One that was in the way of an image
// may be in the folder earlier.
func checkMine(t *testing.T, about, dir string, mine map[string]string) {
	t.Helper()
	for name, text := range mine {
		if data, _ := os.ReadFile(filepath.Join(dir, name)); string(data) == text {
			continue
		}
		if data, err := os.ReadFile(filepath.Join(dir, "earlier", filepath.Base(name))); string(data) != text || filepath.Ext(name) != ".gif" {
			t.Errorf("%s: %s is gone: %q, %v", about, name, data, err)
		}
	}
	for _, link := range []string{"link.gif", "far"} {
		if _, err := os.Readlink(filepath.Join(dir, link)); err != nil {
			t.Errorf("%s: %v", about, err)
		}
	}
}
