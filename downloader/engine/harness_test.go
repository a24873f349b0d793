package engine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/list"
	"grab/downloader/live"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
	"grab/testserver"
)

// TestMain runs the tests, or acts as a child of one: see children_test.go.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], childPrefix) {
		os.Exit(actAsChild(strings.TrimPrefix(os.Args[1], childPrefix), os.Args[2:]))
	}
	goleak.VerifyTestMain(suite{m})
}

// suite runs all tests. Nobody reads what children report of data races on standard
// error, so it goes to files. Children do not sleep before they exit.
type suite struct{ *testing.M }

func (s suite) Run() int {
	dir, err := os.MkdirTemp("", "grab-races-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv("GORACE", "atexit_sleep_ms=0 log_path="+dir+"/race")
	code := s.M.Run()
	races, _ := filepath.Glob(dir + "/race.*")
	for _, name := range races {
		report, _ := os.ReadFile(name)
		fmt.Fprintf(os.Stderr, "a child has a data race:\n%s\n", report)
		code = 1
	}
	return code
}

// modeCase is a mode with its number of workers.
type modeCase struct {
	mode    Mode
	workers int
}

func (c modeCase) String() string { return fmt.Sprint(c.mode, c.workers) }

// modeCases has one case for each mode.
var modeCases = []modeCase{{Sequential, 1}, {Pool, 4}, {Process, 2}}

// eachMode runs test once in each mode, in parallel with other tests.
func eachMode(t *testing.T, test func(t *testing.T, opts Options)) {
	t.Parallel()
	for _, c := range modeCases {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			test(t, options(t, c))
		})
	}
}

// options returns options that are patient, so that nothing times out on a busy
// machine, and quick between attempts.
func options(t testing.TB, c modeCase) Options {
	return Options{
		Mode: c.mode, Workers: c.workers, Dir: filepath.Join(t.TempDir(), "images"),
		ConnectTimeout: 20 * time.Second, HeaderTimeout: 20 * time.Second, StallTimeout: 20 * time.Second,
		Timeout: time.Minute, Grace: 20 * time.Second,
		Retries: 2, RetryMin: time.Millisecond, RetryMax: 2 * time.Millisecond, RetryAfterMax: 5 * time.Second,
		MaxSize: 1 << 20, MaxRedirects: 5, UserAgent: "grab-test", Verify: VerifyType,
	}
}

// startServer starts an image server, and returns it with opts that lead to it.
func startServer(t testing.TB, opts Options, o testserver.Options) (*testserver.Server, Options) {
	t.Helper()
	s, err := testserver.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	opts.DialTo, opts.RootCAs = s.Addr(), s.CA()
	return s, opts
}

// outcome is what a run left behind.
type outcome struct {
	summary Summary
	err     error
	results []Result // in the order of their indices
	dir     string
}

// ObserverFunc is an Observer that is a function.
type ObserverFunc func(Result)

func (f ObserverFunc) Observe(r Result) { f(r) }

// runIn runs opts over src with more collaborators, and checks the outcome against the
// invariants.
func runIn(ctx context.Context, t testing.TB, opts Options, deps Deps, src Source) outcome {
	t.Helper()
	return runAs((*Engine).Run, ctx, t, opts, deps, src)
}

// runAs is runIn with another way to run.
func runAs(run func(*Engine, context.Context, Source) (Summary, error), ctx context.Context, t testing.TB, opts Options, deps Deps, src Source) outcome {
	t.Helper()
	journal, err := outdir.Open(opts.Dir, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := outcome{dir: opts.Dir}
	deps.Observers = append(deps.Observers, ObserverFunc(func(r Result) { o.results = append(o.results, r) }))
	if deps.Output == nil {
		deps.Output = journal
	} else if _, keeps := deps.Output.(Journal); !keeps {
		deps.Output = struct {
			Sink
			Journal
		}{deps.Output, journal}
	}
	if deps.Counters == nil {
		deps.Counters = &live.Counters{}
	}
	if deps.WorkerCommand == nil {
		deps.WorkerCommand = childCommand("worker")
	}
	deps.WorkerCommand = append(slices.Clone(deps.WorkerCommand), opts.Dir) // to tell this test's children by
	d, err := New(opts, deps)
	if err != nil {
		t.Fatal(err)
	}
	taken := 0
	o.summary, o.err = run(d, ctx, func(yield func(Item, error) bool) {
		for item, err := range src {
			if _, ok := err.(*Error); ok || err == nil {
				taken++
			}
			if !yield(item, err) {
				return
			}
		}
	})
	if err := journal.Close(); err != nil && o.err == nil {
		t.Error(err)
	}
	if taken != o.summary.Total {
		t.Errorf("%d items were taken from the list, %d have a result", taken, o.summary.Total)
	}
	slices.SortFunc(o.results, func(a, b Result) int { return a.Index - b.Index })
	o.checkCounts(t)
	o.checkCounters(t, deps.Counters)
	o.checkFiles(t)
	if pids := childrenOf(t, opts.Dir); len(pids) > 0 {
		t.Errorf("children left: %v", pids)
	}
	return o
}

// fetch runs opts over a list of URLs.
func fetch(t testing.TB, opts Options, urls ...string) outcome {
	t.Helper()
	o := runIn(t.Context(), t, opts, Deps{}, lines(urls...))
	if o.err != nil {
		t.Errorf("the run broke: %v", o.err)
	}
	if len(o.results) != len(urls) {
		t.Fatalf("%d results for %d URLs", len(o.results), len(urls))
	}
	return o
}

func lines(urls ...string) Source { return listOf(strings.NewReader(strings.Join(urls, "\n"))) }

func listOf(body io.Reader) Source { return list.Read(list.List{Name: "list.txt", Body: body}) }

// checkCounts checks invariant 1.
func (o outcome) checkCounts(t testing.TB) {
	t.Helper()
	s := o.summary
	if s.OK+s.Skipped+s.Failed+s.Canceled != s.Total || s.Total != len(o.results) {
		t.Errorf("%d results, but the summary says %+v", len(o.results), s)
	}
	for i, r := range o.results {
		if r.Index != i {
			t.Fatalf("result %d has index %d: lost or doubled", i, r.Index)
		}
		if there := hasFile(r); (r.Class == "") != there || (r.Error == "") != there {
			t.Errorf("result %d: status %q with class %q and error %q", i, r.Status, r.Class, r.Error)
		}
	}
}

// checkCounters compares the last state of the counters with the results.
func (o outcome) checkCounters(t testing.TB, c *live.Counters) {
	t.Helper()
	s := o.summary
	if int(c.OK.Load()) != s.OK || int(c.Failed.Load()) != s.Failed || int(c.Canceled.Load()) != s.Canceled || int(c.Done()) != s.Total ||
		c.InFlight.Load() != 0 || c.Bytes.Load() < s.Bytes && !o.resumed() {
		t.Errorf("%d ok, %d failed, %d canceled, %d in flight, %d bytes counted; the summary says %+v",
			c.OK.Load(), c.Failed.Load(), c.Canceled.Load(), c.InFlight.Load(), c.Bytes.Load(), s)
	}
	for _, r := range o.results {
		sum := 0.0
		for _, part := range []float64{r.Timing.DNS, r.Timing.Connect, r.Timing.TLS, r.Timing.FirstByte, r.Timing.Body, r.Timing.Commit} {
			sum += part
			if part < 0 {
				t.Errorf("%s: %+v", r.URL, r.Timing)
			}
		}
		if r.Timing.Queue < 0 || sum > r.Timing.Total+1e-6 {
			t.Errorf("%s: the phases take %v: %+v", r.URL, sum, r.Timing)
		}
	}
}

// resumed reports whether part of an image comes from an earlier run.
func (o outcome) resumed() bool {
	return slices.ContainsFunc(o.results, func(r Result) bool { return r.HTTPStatus == http.StatusPartialContent })
}

// hasFile reports whether an image is in its place after the run.
func hasFile(r Result) bool { return r.Status == StatusOK || r.Status == StatusSkipped }

// checkFiles checks the output directory against invariants 2, 3 and 4: each result with
// a file has it, and its line, and there is nothing else but images of earlier runs.
func (o outcome) checkFiles(t testing.TB) {
	t.Helper()
	want := []string{manifest.Name}
	listed := readManifest(t, o.dir)
	for _, r := range o.results {
		line, found := listed[r.Index]
		if found != (r.Status != StatusCanceled) && !r.AlreadyRecorded {
			t.Errorf("index %d is %s, in the manifest: %v", r.Index, r.Status, found)
		}
		if !hasFile(r) {
			if r.File != "" || r.Bytes != 0 || r.SHA256 != "" || r.Decoded {
				t.Errorf("index %d is %s, but tells of a file: %+v", r.Index, r.Status, r)
			}
			continue
		}
		want = append(want, r.File)
		data, err := os.ReadFile(filepath.Join(o.dir, r.File))
		if err != nil {
			t.Errorf("index %d is ok: %v", r.Index, err)
			continue
		}
		sum := sha256.Sum256(data)
		if hex.EncodeToString(sum[:]) != r.SHA256 || int64(len(data)) != r.Bytes {
			t.Errorf("index %d: %d bytes in %s, sha256 %x; the result says %+v", r.Index, len(data), r.File, sum, r)
		}
		if r.Status == StatusOK && (line.SHA256 != r.SHA256 || line.Bytes != r.Bytes || line.File != r.File) {
			t.Errorf("index %d: %d bytes in %s, sha256 %x; the result says %+v; the manifest %+v", r.Index, len(data), r.File, sum, r, line)
		}
	}
	lines, err := os.ReadFile(filepath.Join(o.dir, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	got := slices.DeleteFunc(filesIn(t, o.dir), func(name string) bool {
		earlier := !slices.Contains(want, name) && bytes.Contains(lines, []byte(`"file":"`+name+`"`))
		return strings.HasPrefix(name, "earlier") || earlier
	})
	for _, r := range o.results { // what is worth resuming may stay
		begun := []string{fmt.Sprintf("%s/%d.part", StateDir, r.Index), fmt.Sprintf("%s/%d.resume", StateDir, r.Index)}
		if r.Status != StatusOK && slices.Contains(got, begun[0]) && slices.Contains(got, begun[1]) {
			want = append(want, begun...)
		}
	}
	if slices.ContainsFunc(want, func(name string) bool { return strings.HasPrefix(name, StateDir) }) {
		want = append(want, StateDir)
	}
	if !slices.Equal(got, sorted(want)) {
		t.Errorf("the directory holds %q, want %q", got, sorted(want))
	}
}

func sorted(s []string) []string { slices.Sort(s); return s }

// filesIn returns the paths of everything below dir.
func filesIn(t testing.TB, dir string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if path != "." {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sorted(names)
}

// readManifest returns the manifest's lines, each of which must be whole.
func readManifest(t testing.TB, dir string) map[int]Result {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	byIndex := map[int]Result{}
	for line := range bytes.Lines(data) {
		var r Result
		if err := json.Unmarshal(line, &r); err != nil || line[len(line)-1] != '\n' {
			t.Fatalf("manifest line %q: %v", line, err)
		}
		byIndex[r.Index] = r
	}
	return byIndex
}

// file returns the bytes of the file of result i.
func (o outcome) file(t testing.TB, i int) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.dir, o.results[i].File))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// expect compares one result with what it should be.
func expect(t testing.TB, r Result, status Status, class Class, attempts int) {
	t.Helper()
	if r.Status != status || r.Class != class || r.Attempts != attempts {
		t.Errorf("%s: %s, class %q, %d attempts (%s); want %s, %q, %d", r.URL, r.Status, r.Class, r.Attempts, r.Error, status, class, attempts)
	}
	if class != "" && !errors.Is(r.Err(), class) {
		t.Errorf("%s: errors.Is does not find %s in %v", r.URL, class, r.Err())
	}
}

// write makes a file with its folders.
func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
