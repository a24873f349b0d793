package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/outdir"
)

// versions is a server of pictures that change. The path says which validators they have.
type versions struct {
	*httptest.Server
	mu      sync.Mutex
	version map[string]int // by path; below 0: the server fails
	asked   map[string]int // for the whole image, by path
}

func (v *versions) picture(path string, version int) string {
	return fmt.Sprintf("GIF89a\x08\x00\x06\x00 version %d of %s %s", version, path, strings.Repeat("x", version%3))
}

func startVersions(t *testing.T) *versions {
	v := &versions{version: map[string]int{}, asked: map[string]int{}}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		defer v.mu.Unlock()
		path := r.URL.Path
		version := v.version[path]
		if target, ok := strings.CutPrefix(path, "/to"); ok { // another origin
			http.Redirect(w, r, strings.Replace(v.URL, "127.0.0.1", "localhost", 1)+target, http.StatusFound)
			return
		}
		tag, date := fmt.Sprintf(`"%d"`, version), fmt.Sprintf("Sat, 03 Feb 2001 04:05:%02d GMT", version)
		switch {
		case version < 0:
			w.WriteHeader(http.StatusNotFound)
			return
		case strings.HasPrefix(path, "/etag"):
			w.Header().Set("ETag", "W/"+tag)
			w.Header().Set("Last-Modified", date)
		case strings.HasPrefix(path, "/date"):
			w.Header().Set("Last-Modified", date)
		case strings.HasPrefix(path, "/star"):
			w.Header().Set("ETag", "*")
		}
		none, since := r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")
		if none == "*" || none != "" && since != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if none == "W/"+tag || since == date {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		v.asked[path]++
		fmt.Fprint(w, v.picture(path, version))
	}))
	t.Cleanup(v.Close)
	return v
}

// check checks the file of a result.
func (v *versions) check(t *testing.T, opts Options, r Result, status Status, version int) {
	t.Helper()
	path := strings.TrimPrefix(strings.TrimPrefix(r.URL, v.URL), "/to")
	data, err := os.ReadFile(filepath.Join(opts.Dir, r.File))
	if r.Status != status || err != nil || string(data) != v.picture(path, version) {
		t.Errorf("%s: %s, %q, %q, %v; want %s, version %d", r.URL, r.Status, r.Error, data, err, status, version)
	}
}

func manifestOf(t *testing.T, opts Options) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(opts.Dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestUpdate asks again for what is there: what has not changed costs nothing, what has is
// replaced, and a failure leaves the old image and its line.
func TestUpdate(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		v := startVersions(t)
		urls := []string{v.URL + "/etag1", v.URL + "/date1", v.URL + "/to/etag2", v.URL + "/etag3", v.URL + "/none", v.URL + "/star"}
		opts.Update = true
		for _, r := range fetch(t, opts, urls...).results {
			v.check(t, opts, r, StatusOK, 0)
		}
		before := manifestOf(t, opts)
		clear(v.asked)
		for _, r := range fetch(t, opts, urls[:4]...).results {
			v.check(t, opts, r, StatusSkipped, 0)
			if r.HTTPStatus != http.StatusNotModified || r.Attempts != 1 {
				t.Errorf("%s: status %d, %d attempts", r.URL, r.HTTPStatus, r.Attempts)
			}
		}
		if len(v.asked) > 0 || manifestOf(t, opts) != before {
			t.Errorf("asked for %v, and the manifest is\n%s", v.asked, manifestOf(t, opts))
		}
		for _, r := range fetch(t, opts, urls[:6]...).results[4:] { // nothing says whether they have changed
			v.check(t, opts, r, StatusOK, 0)
		}

		v.version["/etag1"], v.version["/date1"], v.version["/etag2"] = 1, 2, 3
		urls = []string{v.URL + "/new", urls[3], urls[2], urls[1], urls[0]} // other places
		want := []struct {
			status  Status
			version int
		}{{StatusOK, 0}, {StatusSkipped, 0}, {StatusOK, 3}, {StatusOK, 2}, {StatusOK, 1}}
		for i, r := range fetch(t, opts, urls...).results {
			v.check(t, opts, r, want[i].status, want[i].version)
			if !strings.HasPrefix(r.File, fmt.Sprintf("image_%d.", i)) {
				t.Errorf("%s is in %s", r.URL, r.File)
			}
		}

		before = manifestOf(t, opts)
		v.version["/etag3"], v.version["/date1"] = -1, -1
		results := fetch(t, opts, urls[1:]...).results // moved once more
		expect(t, results[0], StatusFailed, ClassHTTP4xx, 1)
		expect(t, results[2], StatusFailed, ClassHTTP4xx, 1)
		opts.Update = false
		for i, r := range fetch(t, opts, urls[1:]...).results {
			v.check(t, opts, r, StatusSkipped, want[i+1].version)
		}
		if strings.Contains(strings.TrimPrefix(manifestOf(t, opts), before), `"status":"failed"`) {
			t.Error("a failed update is in the manifest")
		}
	})
}

// fetchHere is fetch for a directory whose files are not what its records say.
func fetchHere(t *testing.T, opts Options, urls ...string) []Result {
	t.Helper()
	dir, err := outdir.Open(opts.Dir, outdir.Options{Adopt: opts.Adopt, Verify: opts.Verify})
	if err != nil {
		t.Fatal(err)
	}
	results := make([]Result, len(urls))
	e, err := New(opts, Deps{Output: dir, WorkerCommand: childCommand("worker"), Observers: []Observer{ObserverFunc(func(r Result) { results[r.Index] = r })}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = e.Run(t.Context(), lines(urls...)); err != nil {
		t.Error(err)
	}
	if err := dir.Close(); err != nil {
		t.Error(err)
	}
	return results
}

// TestUpdateOfChangedFiles has files that their owner has changed. They stay. A file that is
// the new image already is recorded: a run was killed before it could do so.
func TestUpdateOfChangedFiles(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		v := startVersions(t)
		urls := []string{v.URL + "/etag1", v.URL + "/etag2", v.URL + "/etag3"}
		results := fetch(t, opts, urls...).results
		opts.Update = true
		v.version["/etag1"], v.version["/etag2"] = 1, 1
		own := "GIF89a\x08\x00\x06\x00 my own picture"
		for i, content := range []string{own, v.picture("/etag2", 1), own} {
			if err := os.WriteFile(filepath.Join(opts.Dir, results[i].File), []byte(content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		results = fetchHere(t, opts, urls...)
		v.check(t, opts, results[1], StatusOK, 1)
		for _, i := range []int{0, 2} {
			data, _ := os.ReadFile(filepath.Join(opts.Dir, results[i].File))
			if r := results[i]; r.Status != StatusSkipped || !r.Changed || string(data) != own {
				t.Errorf("%+v, %q", r, data)
			}
		}
		results = fetchHere(t, opts, urls...)
		v.check(t, opts, results[1], StatusSkipped, 1)
		if results[1].Changed {
			t.Error("the recorded file counts as changed")
		}
	})
}
