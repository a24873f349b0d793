package engine_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/naming"
	"grab/downloader/outdir"
)

// startTwins starts a server of images that are the same if the first elements of their paths are.
// A second version is there once version is 1.
func startTwins(t *testing.T) (url string, version *atomic.Int64) {
	version = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		w.Header().Set("Last-Modified", fmt.Sprintf("Sat, 03 Feb 2001 04:05:%02d GMT", len(name)))
		_, _ = w.Write(twin(kind, version.Load()))
	}))
	t.Cleanup(server.Close)
	return server.URL, version
}

func twin(kind string, version int64) []byte {
	return fmt.Appendf(nil, "GIF89a\x08\x00\x06\x00 %s %d %s", kind, version, strings.Repeat(kind, 40_000))
}

// dedupe runs opts over paths of a server and stores equal bytes once.
func dedupe(t *testing.T, opts Options, template, url string, paths ...string) ([]Result, Summary) {
	t.Helper()
	out, err := outdir.Open(opts.Dir, outdir.Options{Verify: opts.Verify, Durable: opts.Durable, Adopt: opts.Adopt, Dedupe: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range paths {
		paths[i] = url + "/" + paths[i]
	}
	src := lines(paths...)
	if template != "" {
		parsed, err := naming.Parse(template)
		if err != nil {
			t.Fatal(err)
		}
		src = naming.Rule{Template: parsed}.Apply(src)
	}
	results := make([]Result, len(paths))
	e, err := New(opts, Deps{
		Output: out, WorkerCommand: append(childCommand("worker"), opts.Dir),
		Observers: []Observer{ObserverFunc(func(r Result) { results[r.Index] = r })},
	})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := e.Run(t.Context(), src)
	_, unshared := out.Unshared()
	if err := errors.Join(err, unshared, out.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(opts.Dir, StateDir)); err == nil {
		t.Error("the state folder is left")
	}
	return results, summary
}

// stored returns how many files there are in a directory once names of the same file count
// as one, and checks that each has the bytes that its URL says.
func stored(t *testing.T, opts Options, results []Result, version int64) int {
	t.Helper()
	var files []os.FileInfo
	for _, r := range results {
		kind := strings.Split(r.URL, "/")[3]
		data, err := os.ReadFile(filepath.Join(opts.Dir, r.File))
		if err != nil || string(data) != string(twin(kind, version)) {
			t.Errorf("%s: %s has %d bytes, %v; %s", r.URL, r.File, len(data), err, r.Error)
			continue
		}
		info, err := os.Stat(filepath.Join(opts.Dir, r.File))
		if err != nil {
			t.Fatal(err)
		}
		known := false
		for _, f := range files {
			known = known || os.SameFile(f, info)
		}
		if !known {
			files = append(files, info)
		}
	}
	return len(files)
}

// TestDedupe stores equal bytes once, within a run, over runs, and with names of all kinds.
func TestDedupe(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		for template, other := range map[string]string{"": "{base}", "{base}": ""} {
			opts.Dir = filepath.Join(t.TempDir(), "out")
			url, version := startTwins(t)
			paths := []string{"a/1", "b/22", "a/333", "a/4444", "c/5", "b/6"}
			results, s := dedupe(t, opts, template, url, paths[:4]...)
			a := int64(len(twin("a", 0)))
			if n := stored(t, opts, results, 0); n != 2 || s.Shared != 2 || s.SavedBytes != 2*a || s.OK != 4 {
				t.Errorf("%q: %d files, %d images shared, %d bytes saved", template, n, s.Shared, s.SavedBytes)
			}
			own := ""
			for _, r := range results {
				if strings.Contains(r.URL, "/a/") && r.SameAs == "" {
					own = r.File
				}
			}
			for _, r := range results {
				if strings.Contains(r.URL, "/a/") && r.File != own && r.SameAs != own {
					t.Errorf("%q: %s has the bytes of %q, want %q", template, r.File, r.SameAs, own)
				}
			}
			if n := strings.Count(manifestOf(t, opts), `"same_as":"`+own+`"`); n != 2 {
				t.Errorf("%q: %d lines say the same of %s:\n%s", template, n, own, manifestOf(t, opts))
			}

			// The second run has what the first one left, and other names.
			paths = []string{"b/6", "a/7", "c/5", "a/333", "b/22", "a/1", "c/8", "a/4444"}
			results, s = dedupe(t, opts, other, url, paths...)
			if n := stored(t, opts, results, 0); n != 3 || s.Skipped != 4 || s.Shared != 3 {
				t.Errorf("%q, second run: %d files, %d skipped, %d shared", template, n, s.Skipped, s.Shared)
			}
			// Each new image replaces one name, and no other name changes.
			version.Store(1)
			opts.Force = true
			results, s = dedupe(t, opts, other, url, "b/6", "a/7")
			if n := stored(t, opts, results, 1); n != 2 || s.OK != 2 || s.Shared != 0 {
				t.Errorf("%q, new version: %d files, %d shared", template, n, s.Shared)
			}
			opts.Force = false
			results, s = dedupe(t, opts, other, url, "b/6", "a/7", "c/5", "a/333", "b/22", "a/1", "c/8", "a/4444")
			if n := stored(t, opts, results[2:], 0); n != 3 || s.Skipped != 8 {
				t.Errorf("%q, afterwards: %d files, %d skipped", template, n, s.Skipped)
			}
			stored(t, opts, results[:2], 1)
		}
	})
}

// TestDedupeAgain downloads what is there, and updates it: what shares its bytes still does.
// A file that its owner has changed is shared with none.
func TestDedupeAgain(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		url, version := startTwins(t)
		opts.Mtime = true
		paths := func() []string { return []string{"a/1", "a/22", "a/333"} }
		dedupe(t, opts, "", url, paths()...)
		info, err := os.Stat(filepath.Join(opts.Dir, "image_0.gif"))
		if err != nil || info.ModTime().Year() != 2001 {
			t.Fatal(info, err)
		}
		was := info.ModTime()
		for what, set := range map[string]func(o *Options){"-force": func(o *Options) { o.Force = true }, "-check": func(o *Options) { o.Check = true }} {
			again := opts
			set(&again)
			results, _ := dedupe(t, again, "", url, paths()...)
			if n := stored(t, opts, results, 0); n != 1 {
				t.Errorf("%s: %d files", what, n)
			}
			if info, err := os.Stat(filepath.Join(opts.Dir, "image_2.gif")); err != nil || !info.ModTime().Equal(was) {
				t.Errorf("%s: the time of all names has become %v, %v", what, info.ModTime(), err)
			}
		}
		opts.Update = true
		version.Store(1)
		results, s := dedupe(t, opts, "", url, "a/1", "a/22")
		if n := stored(t, opts, results, 1); n != 1 || s.Shared != 1 {
			t.Errorf("updated: %d files, %d shared", n, s.Shared)
		}
		data, err := os.ReadFile(filepath.Join(opts.Dir, "image_2.gif"))
		if err != nil || string(data) != string(twin("a", 0)) {
			t.Errorf("the image that was not updated has %d bytes, %v", len(data), err)
		}
		opts.Update = false
		for _, name := range []string{"image_0.gif", "image_1.gif"} {
			changed := append(twin("a", 1), "changed"...)
			if err := errors.Join(os.Remove(filepath.Join(opts.Dir, name)), os.WriteFile(filepath.Join(opts.Dir, name), changed, 0o666)); err != nil {
				t.Fatal(err)
			}
		}
		results, s = dedupe(t, opts, "", url, "a/1", "a/22", "a/333", "a/4444")
		if s.Changed != 2 || s.Shared != 0 || s.OK != 1 {
			t.Errorf("%+v", s)
		}
		stored(t, opts, results[3:], 1)
	})
}

// TestDedupeKeepsOthers moves images that share their bytes to other places, to the folder
// earlier, and away. No name loses its bytes.
func TestDedupeKeepsOthers(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.Durable = opts.Workers > 1
		url, _ := startTwins(t)
		first := []string{"a/1", "a/2", "b/3", "a/4"}
		dedupe(t, opts, "", url, append([]string(nil), first...)...)
		results, s := dedupe(t, opts, "", url, "b/3", "a/4", "a/1", "b/9")
		if n := stored(t, opts, results, 0); n != 2 || s.Skipped != 3 {
			t.Errorf("another order: %d files, %d skipped", n, s.Skipped)
		}
		results, s = dedupe(t, opts, "", url, append([]string(nil), first...)...)
		if n := stored(t, opts, results, 0); n != 2 || s.Skipped != 4 {
			t.Errorf("the first order: %d files, %d skipped", n, s.Skipped)
		}
		if err := os.Remove(filepath.Join(opts.Dir, "image_0.gif")); err != nil {
			t.Fatal(err)
		}
		results, s = dedupe(t, opts, "", url, append([]string(nil), first...)...)
		// The file that is remembered for these bytes may be the one that was removed.
		if n := stored(t, opts, results, 0); n != 3-s.Shared || s.Skipped != 3 || s.Shared > 1 {
			t.Errorf("one is removed: %d files, %d skipped, %d shared", n, s.Skipped, s.Shared)
		}
	})
}
