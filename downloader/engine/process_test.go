package engine_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/testserver"
)

// TestChildKilled kills children in the middle of a download, as a system without
// memory does. Others replace them, and nothing is lost.
func TestChildKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("finds children by /proc")
	}
	for _, n := range []int{1, 3} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			opts := options(t, modeCase{Process, n})
			var killed atomic.Bool
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(len(large())))
				if r.URL.Path != "/kill" || killed.Swap(true) {
					w.Write(large())
					return
				}
				w.Write(large()[:200000])
				w.(http.Flusher).Flush()
				for _, pid := range childrenOf(t, opts.Dir) {
					killProcess(pid)
				}
				<-r.Context().Done()
			}))
			defer server.Close()
			var urls []string
			for i := range 12 {
				urls = append(urls, fmt.Sprintf("%s/%d", server.URL, i))
			}
			urls[4] = server.URL + "/kill"
			o := fetch(t, opts, urls...)
			if o.summary.OK != len(urls) || !killed.Load() {
				t.Errorf("%+v, killed: %v", o.summary, killed.Load())
			}
			for i := range urls {
				if string(o.file(t, i)) != string(large()) {
					t.Errorf("image %d: not the bytes that the server sent", i)
				}
			}
		})
	}
}

// TestChildrenThatAreNoGood has children that misbehave at every job. Each item fails
// after two of them, and the run ends.
func TestChildrenThatAreNoGood(t *testing.T) {
	for name := range misbehaviours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := options(t, modeCase{Process, 2})
			write(t, filepath.Join(filepath.Dir(opts.Dir), "secret"), "precious")
			o := runIn(t.Context(), t, opts, Deps{WorkerCommand: childCommand(name)}, lines("http://a.test/0", "http://a.test/1", "word", "http://a.test/3"))
			if o.summary.Total != 4 {
				t.Errorf("%+v, %v", o.summary, o.err)
			}
			if name == "no-file" || name == "outside" {
				// The child says ok without a file. The parent may report that in any
				// way but as ok.
				if o.summary.OK != 0 {
					t.Errorf("%+v", o.results)
				}
				if data, err := os.ReadFile(filepath.Join(filepath.Dir(opts.Dir), "secret")); string(data) != "precious" {
					t.Errorf("%q, %v", data, err)
				}
				return
			}
			if o.err != nil {
				t.Error(o.err)
			}
			for _, r := range o.results {
				if r.URL == "word" {
					expect(t, r, StatusFailed, ClassURL, 0)
					continue
				}
				expect(t, r, StatusFailed, ClassWorkerLost, 0)
				if name == "die-at-job" && (!strings.Contains(r.Error, "exit status 4") || !strings.Contains(r.Error, "last words")) {
					t.Errorf("the error %q does not say how the child died", r.Error)
				}
			}
		})
	}
}

// TestChildrenThatAreNoGoodOnce checks that such children are replaced, and that
// nothing is lost.
func TestChildrenThatAreNoGoodOnce(t *testing.T) {
	for name := range misbehaviours {
		if slices.Contains([]string{"no-file", "outside"}, name) {
			continue // these say ok, and have no second try
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, opts := startServer(t, options(t, modeCase{Process, 1}), testserver.Options{})
			command := childCommand("once", name, filepath.Join(t.TempDir(), "was here"))
			var urls []string
			for i := range 3 {
				urls = append(urls, testserver.ImageURL(i))
			}
			if o := runIn(t.Context(), t, opts, Deps{WorkerCommand: command}, lines(urls...)); o.summary.OK != 3 || o.err != nil {
				t.Errorf("%+v, %v", o.results, o.err)
			}
		})
	}
}

// TestChildrenThatDoNotStart checks that the run ends before it begins, with the reason
// that the children gave.
func TestChildrenThatDoNotStart(t *testing.T) {
	for name, tt := range map[string]struct {
		command []string
		want    []string
	}{
		"die":     {childCommand("die-at-start"), []string{"exit status 3", "cannot work: no paper"}},
		"missing": {[]string{"/no/such/program"}, []string{"/no/such/program"}},
		"chatter": {[]string{"/bin/echo", "hello"}, []string{"broke the protocol"}},
		"silent":  {[]string{"/bin/true"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			opts := options(t, modeCase{Process, 3})
			o := runIn(t.Context(), t, opts, Deps{WorkerCommand: tt.command}, func(func(Item, error) bool) { t.Error("the list was read") })
			if !errors.Is(o.err, ClassWorkerLost) || o.summary.Total != 0 {
				t.Fatalf("%v, %+v", o.err, o.summary)
			}
			for _, want := range tt.want {
				if !strings.Contains(o.err.Error(), want) {
					t.Errorf("the error %q does not say %q", o.err, want)
				}
			}
		})
	}
}

// TestChildStopped stops a child for good, as a debugger or a broken kernel does. Its
// silence gives it away, and it is replaced.
func TestChildStopped(t *testing.T) {
	if runtime.GOOS != "linux" || testing.Short() {
		t.Skip("finds children by /proc, and takes as long as a child may be silent")
	}
	t.Parallel()
	opts := options(t, modeCase{Process, 1})
	var stopped atomic.Bool
	server := startScripts(t, map[string]script{"/x": func(c conn, _ int) {
		if !stopped.Swap(true) {
			for _, pid := range childrenOf(t, opts.Dir) {
				stopProcess(pid)
			}
			c.linger()
			return
		}
		fmt.Fprint(c, wholeReply)
	}})
	if o := fetch(t, opts, server.url("/x")); o.summary.OK != 1 {
		t.Errorf("%+v", o.results)
	}
}

// TestHugeHeaders has a server with headers of the largest allowed size. What a child
// reports of them must fit into its frame.
func TestHugeHeaders(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{
			"/etag":  says(reply("200 OK", string(picture), `ETag: "`+strings.Repeat("<", 200<<10)+`"`)),
			"/type":  says(reply("200 OK", string(picture), "Content-Type: image/jpeg; x="+strings.Repeat("\u2028", 60<<10))),
			"/hop":   says(reply("302 Found", "", "Location: /image?"+strings.Repeat("&", 60<<10))),
			"/far":   says(reply("302 Found", "", "Location: /image?"+strings.Repeat("&", 200<<10))),
			"/bad":   says(reply("404 Not Found", "", "ETag: "+strings.Repeat("<", 200<<10))),
			"/image": says(wholeReply),
		})
		o := fetch(t, opts, server.url("/etag"), server.url("/type"), server.url("/hop"), server.url("/bad"), server.url("/etag?"+strings.Repeat("&", 60<<10)), server.url("/far"))
		for i, want := range []Class{"", "", "", ClassHTTP4xx, "", ClassProtocol} {
			if r := o.results[i]; r.Class != want {
				t.Errorf("%.80s: class %q (%s)", r.URL, r.Class, r.Error)
			}
		}
	})
}

// TestHeadersThatAreNoText checks that such headers become the same valid JSON in every
// mode.
func TestHeadersThatAreNoText(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{"/x": says(reply("200 OK", string(picture), "ETag: \"\xff\xfe\"", "Last-Modified: \xe9t\xe9"))})
		r := fetch(t, opts, server.url("/x")).results[0]
		expect(t, r, StatusOK, "", 1)
		if line := readManifest(t, opts.Dir)[0]; line.ETag != r.ETag || line.LastModified != r.LastModified {
			t.Errorf("the result says %q and %q, the manifest %q and %q", r.ETag, r.LastModified, line.ETag, line.LastModified)
		}
	})
}
