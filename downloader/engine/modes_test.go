package engine_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/sink"
	"grab/testserver"
)

const seed = 7

// everyKind returns a list with everything that an image server answers. Its values are
// the classes of the failures.
var everyKind = []struct {
	url   string
	class Class
	ext   string
}{
	{"http://picsum.photos/200/300", "", ".jpg"}, // by way of a redirect
	{"https://picsum.photos/61/40.png", "", ".png"},
	{"http://one.test/image/1.gif?w=30&h=20", "", ".gif"},
	{"https://one.test/image/2.jpg?bytes=400000", "", ".jpg"},
	{"https://two.test/image/2.jpg", "", ".jpg"},
	{"http://two.test/image/2.jpg?bytes=65536", "", ".jpg"},  // exactly a buffer
	{"http://two.test/image/2.jpg?bytes=65537", "", ".jpg"},  // and one more
	{"http://two.test/image/2.jpg?bytes=131072", "", ".jpg"}, // exactly two
	{"http://one.test/redirect/5", "", ".jpg"},
	{"http://one.test/redirect/6", ClassTooManyRedirects, ""},
	{"http://one.test/status/404", ClassHTTP4xx, ""},
	{"https://one.test/status/503", ClassHTTP5xx, ""},
	{"http://one.test/status/204", ClassEmpty, ""},
	{"http://one.test/v2/list", ClassNotImage, ""},
	{"ftp://one.test/image/1.jpg", ClassURL, ""},
	{"http://one.test/image/4.jpg?bytes=1048577", ClassTooBig, ""}, // one more than allowed
	{"http://one.test/image/4.jpg?bytes=1048576", "", ".jpg"},
	{"http://picsum.photos/200/300", "", ".jpg"}, // once more
}

func everyKindOfURL() []string {
	var urls []string
	for _, k := range everyKind {
		urls = append(urls, k.url)
	}
	return urls
}

// TestEveryModeGivesTheSame checks that all modes, with few workers and with many, save
// the bytes that the server sends, with the same results.
func TestEveryModeGivesTheSame(t *testing.T) {
	all := []modeCase{{Sequential, 1}, {Pool, 1}, {Pool, 3}, {Pool, 16}, {Process, 1}, {Process, 3}}
	outcomes := make([]outcome, len(all))
	t.Run("runs", func(t *testing.T) {
		for i, c := range all {
			t.Run(c.String(), func(t *testing.T) {
				t.Parallel()
				_, opts := startServer(t, options(t, c), testserver.Options{Seed: seed})
				outcomes[i] = fetch(t, opts, everyKindOfURL()...)
				checkEveryKind(t, outcomes[i])
				if s := outcomes[i].summary; runtime.GOOS == "linux" && s.Usage.PeakRSS < 1<<20 || s.Mode != c.mode || s.Workers != c.workers || s.Complete() || s.Elapsed <= 0 || s.Usage.CPU <= 0 {
					t.Errorf("summary %+v", s)
				}
			})
		}
	})
	for i := range all {
		for j, r := range outcomes[i].results {
			if a, b := timeless(outcomes[0].results[j]), timeless(r); !reflect.DeepEqual(a, b) {
				t.Errorf("%v and %v differ:\n%+v\n%+v", all[0], all[i], a, b)
			}
		}
	}
}

func checkEveryKind(t *testing.T, o outcome) {
	for i, k := range everyKind {
		r := o.results[i]
		if r.Class != k.class || r.URL != k.url || r.Line != i+1 {
			t.Errorf("line %d: %s, class %q, line %d (%s); want class %q", i+1, r.URL, r.Class, r.Line, r.Error, k.class)
			continue
		}
		if k.class != "" {
			continue
		}
		if want := fmt.Sprintf("image_%d%s", i, k.ext); r.File != want {
			t.Errorf("%s is in %s, want %s", k.url, r.File, want)
		}
		want, err := testserver.Image(uri(k.url), seed)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(o.file(t, i), want) {
			t.Errorf("%s: not the bytes that the server sends", k.url)
		}
		if padded := strings.Contains(k.url, "bytes="); !padded && (r.Width == 0 || r.Height == 0) {
			t.Errorf("%s is %d x %d", k.url, r.Width, r.Height)
		}
		if r.HTTPStatus != 200 || r.Attempts != 1 || !strings.HasPrefix(r.ContentType, "image/") || r.Started.IsZero() || r.Timing.Total <= 0 {
			t.Errorf("%s: %+v", k.url, r)
		}
	}
	if r := o.results[0]; r.FinalURL == r.URL || !strings.Contains(r.FinalURL, "://") {
		t.Errorf("%s was redirected, but its final URL is %q", r.URL, r.FinalURL)
	}
	if r := o.results[1]; r.Width != 61 || r.Height != 40 {
		t.Errorf("%s is %d x %d", r.URL, r.Width, r.Height)
	}
}

func uri(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	return rest[strings.Index(rest, "/"):]
}

// timeless returns r without the fields that differ from run to run.
func timeless(r Result) Result {
	r.Started, r.Timing, r.Worker = time.Time{}, Timing{}, 0
	return r
}

// TestAsManyAtATimeAsWorkers counts the downloads that the server has at one time. The
// latency is much longer than a request takes.
func TestAsManyAtATimeAsWorkers(t *testing.T) {
	for _, c := range []modeCase{{Sequential, 1}, {Pool, 1}, {Pool, 5}, {Process, 1}, {Process, 3}} {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			server, opts := startServer(t, options(t, c), testserver.Options{Latency: 300 * time.Millisecond})
			var urls []string
			for i := range 3 * c.workers {
				urls = append(urls, testserver.ImageURL(i))
			}
			o := fetch(t, opts, urls...)
			workers := map[int]bool{}
			for _, r := range o.results {
				workers[r.Worker] = true
			}
			if len(workers) != c.workers || !workers[0] || !workers[c.workers-1] {
				t.Errorf("%d workers have worked: %v", len(workers), workers)
			}
			ledger := server.Ledger()
			if o.summary.OK != len(urls) || ledger.Total != len(urls) || ledger.PeakInFlight != c.workers {
				t.Errorf("%d images, %d requests, %d at a time; want %d, %d and %d", o.summary.OK, ledger.Total, ledger.PeakInFlight, len(urls), len(urls), c.workers)
			}
			if ledger.Connections > c.workers {
				t.Errorf("%d connections for %d workers", ledger.Connections, c.workers)
			}
		})
	}
}

// TestAgain runs another list into the same directory. The images of the first list are
// kept, but not beside the new ones: two have another format.
func TestAgain(t *testing.T) {
	_, opts := startServer(t, options(t, modeCase{Pool, 3}), testserver.Options{Seed: seed})
	first := fetch(t, opts, "http://a.test/image/1.jpg", "http://a.test/image/2.png", "http://a.test/image/3.gif")
	o := fetch(t, opts, "http://a.test/image/1.png", "http://a.test/image/5.png", "http://a.test/image/3.jpg")
	if o.results[0].File != "image_0.png" || o.results[2].File != "image_2.jpg" {
		t.Errorf("%+v", o.results)
	}
	for i, r := range first.results {
		data, err := os.ReadFile(filepath.Join(opts.Dir, "earlier", r.File))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(data)) != r.SHA256 {
			t.Errorf("image %d of the first list: %d bytes, %v", i, len(data), err)
		}
	}
}

// TestStalePartials runs in a directory where an earlier run was killed.
func TestStalePartials(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{Seed: seed})
		write(t, filepath.Join(opts.Dir, StateDir, "0.part"), "torn")
		write(t, filepath.Join(opts.Dir, StateDir, "99.part"), "of a longer list")
		fetch(t, opts, "http://a.test/image/1.jpg")
	})
}

// TestRunAgain uses one Engine for two lists.
func TestRunAgain(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{})
		files, err := sink.NewFiles(opts.Dir, false)
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		d, err := New(opts, Deps{Output: files, WorkerCommand: childCommand("worker")})
		if err != nil {
			t.Fatal(err)
		}
		for run := range 2 {
			if s, err := d.Run(t.Context(), lines(testserver.ImageURL(0), "word", testserver.ImageURL(2))); err != nil || s.OK != 2 || s.Failed != 1 || s.Total != 3 {
				t.Errorf("run %d: %+v, %v", run, s, err)
			}
		}
	})
}
