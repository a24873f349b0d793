package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/list"
	"grab/downloader/live"
	"grab/downloader/report"
	"grab/downloader/report/saved"
	"grab/downloader/report/text"
	"grab/testserver"
)

// asWorker is the environment variable that turns the test binary into a child of -mode process.
const asWorker = "GRAB_COMPARE_TEST_WORKER"

func TestMain(m *testing.M) {
	switch os.Getenv(asWorker) {
	case "":
		os.Setenv("GORACE", strings.TrimSpace("atexit_sleep_ms=0 "+os.Getenv("GORACE"))) // for children
		goleak.VerifyTestMain(m)
	case "serve":
		if err := child.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "program":
		os.Exit(actAsProgram(os.Args[1], os.Args[2:]))
	case "dies":
		fmt.Fprintln(os.Stderr, "no such module: forkserver")
		os.Exit(7)
	}
}

// workerThat returns the command of a child: one that "serve"s, or one that "dies" at once.
func workerThat(t *testing.T, does string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"/usr/bin/env", asWorker + "=" + does, self}
}

// plan returns a comparison of count images, and the server that has them.
func plan(t *testing.T, count int) (Plan, *testserver.Server) {
	t.Helper()
	server, err := testserver.New(testserver.Options{Latency: time.Millisecond})
	if err == nil {
		err = server.Start("")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	list := &strings.Builder{}
	for i := range count {
		fmt.Fprintln(list, server.URL(fmt.Sprintf("/image/%d.jpg", i)))
	}
	return Plan{
		Conditions: report.Conditions{Modes: downloader.Modes(), Rounds: 2, Workers: []int{2}}, Out: filepath.Join(t.TempDir(), "out"), List: read(t, list.String()),
		WorkerCommand: workerThat(t, "serve"),
		Options: downloader.Options{
			ConnectTimeout: time.Minute, HeaderTimeout: time.Minute, StallTimeout: time.Minute, Grace: time.Minute,
			RetryMax: time.Millisecond, MaxSize: 1 << 20, MaxRedirects: 3, Verify: downloader.VerifyType,
		},
	}, server
}

func read(t *testing.T, text string) *List {
	t.Helper()
	list, err := ReadList(list.Read(list.List{Name: "test", Body: strings.NewReader(text)}))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Every mode runs in every round, in rotating order, against a server in its initial state and into
// an empty folder. The files of the last round stay.
func TestRun(t *testing.T) {
	p, server := plan(t, 5)
	resets := 0
	p.Reset = func(context.Context) error { resets++; server.Reset(); return nil }
	var order, ran []string
	var stopped atomic.Int64
	p.Ran = func(run *report.Run) {
		ran = append(ran, fmt.Sprintf("%s %v %d %d", run.Contender(), run.Warmup, run.Round, run.OK))
	}
	p.Watch = func(name string, c report.Contender, counters *live.Counters) ([]downloader.Observer, func(string), func()) {
		order = append(order, name)
		if !strings.HasPrefix(name, c.String()+", ") {
			t.Errorf("%s is a run of %s", name, c)
		}
		if counters.Total.Load() != 5 {
			t.Errorf("%s: total %d", name, counters.Total.Load())
		}
		return nil, nil, func() {
			if counters.OK.Load() == 5 {
				stopped.Add(1)
			}
		}
	}
	e, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"sequential, warm-up", "pool n=2, warm-up", "process n=2, warm-up", "sequential, round 1 of 2", "pool n=2, round 1 of 2",
		"process n=2, round 1 of 2", "pool n=2, round 2 of 2", "process n=2, round 2 of 2", "sequential, round 2 of 2"}; !slices.Equal(order, want) {
		t.Errorf("order %q", order)
	}
	if len(ran) != 9 || ran[1] != "pool n=2 true 0 5" || ran[8] != "sequential false 1 5" {
		t.Errorf("ran %q", ran)
	}
	if resets != 9 || stopped.Load() != 9 {
		t.Errorf("%d resets, %d watchers stopped", resets, stopped.Load())
	}
	if got := server.Ledger().Total; got != 5 {
		t.Errorf("%d requests in the last run, want 5", got)
	}
	if c := e.Comparison; !c.Ranked || !c.Identical || c.Images != 5 || c.Rounds != 2 || len(e.Runs) != 9 {
		t.Errorf("%d runs, %+v", len(e.Runs), c)
	}
	for _, mode := range p.Conditions.Modes {
		files, err := filepath.Glob(filepath.Join(p.Out, string(mode), "image_*.jpg"))
		if err != nil || len(files) != 5 {
			t.Errorf("%s kept %q (%v)", mode, files, err)
		}
		data, err := os.ReadFile(filepath.Join(p.Out, string(mode), "manifest.jsonl"))
		if err != nil || bytes.Count(data, []byte("\n")) != 5 {
			t.Errorf("%s: a manifest with the lines of another round (%v)", mode, err)
		}
	}
}

// Each number of workers has its own folder; sequential runs once per round. Runs have the server's
// counts, and each image its worker.
func TestSeveralNumbersOfWorkers(t *testing.T) {
	p, server := plan(t, 6)
	p.Conditions.Workers, p.Conditions.Rounds, p.Conditions.Modes = []int{3, 1}, 1, []downloader.Mode{downloader.Sequential, downloader.Pool}
	p.Reset = func(context.Context) error { server.Reset(); return nil }
	p.Figures = func(context.Context) (report.ServerFigures, error) {
		l := server.Ledger()
		return report.ServerFigures{Requests: l.Total, Connections: l.Connections, PeakInFlight: l.PeakInFlight}, nil
	}
	e, err := Run(t.Context(), p)
	if err != nil || !e.Comparison.Ranked {
		t.Fatalf("%+v, %v", e.Comparison, err)
	}
	var names []string
	for i := range e.Comparison.Modes {
		names = append(names, e.Comparison.Modes[i].Name())
	}
	if want := []string{"sequential", "pool n=3", "pool n=1"}; !slices.Equal(names, want) {
		t.Errorf("contenders %q", names)
	}
	for _, run := range e.Runs {
		if run.Server.Requests != 6 || run.Server.PeakInFlight > run.Workers || run.Seconds <= 0 || run.Started.IsZero() || len(run.Images) != 6 {
			t.Errorf("%+v", run)
		}
		for i, image := range run.Images {
			if image.Index != i || image.Worker >= run.Workers || image.Start < 0 || image.Start > run.Seconds || image.Timing.Total <= 0 {
				t.Errorf("%s: %+v", run.Mode, image)
			}
		}
	}
	for _, name := range []string{"sequential", "pool-3", "pool-1"} {
		if files, err := filepath.Glob(filepath.Join(p.Out, name, "image_*.jpg")); err != nil || len(files) != 6 {
			t.Errorf("%s kept %q (%v)", name, files, err)
		}
	}
}

// The experiment's notebook measured 0.45 s for workers that died at once. Here the table and the
// JSON say that process failed and why, and nothing is ranked.
func TestWorkersThatDie(t *testing.T) {
	p, _ := plan(t, 5)
	p.WorkerCommand = workerThat(t, "dies")
	e, err := Run(t.Context(), p)
	c := e.Comparison
	if c.Ranked || c.Rounds != 1 {
		t.Fatalf("%+v (%v)", c, err)
	}
	var table, data bytes.Buffer
	if err := errors.Join(text.WriteTable(&table, &e), saved.Write(&data, &report.Experiment{Comparison: c})); err != nil {
		t.Fatal(err)
	}
	shown := table.String()
	if !regexp.MustCompile(`(?m)^ +process +2 +0/5 +FAILED `).MatchString(shown) || !strings.Contains(shown, "nothing is ranked") ||
		!strings.Contains(shown, "exit status 7") || !strings.Contains(shown, "no such module: forkserver") || regexp.MustCompile(`\dx\b`).MatchString(shown) {
		t.Errorf("the table:\n%s", shown)
	}
	var got struct {
		Ranked bool
		Modes  []struct {
			Mode, Error string
			OK          int
			Speedup     float64
		}
	}
	if err := json.Unmarshal(data.Bytes()[bytes.LastIndex(bytes.TrimSpace(data.Bytes()), []byte("\n"))+1:], &got); err != nil {
		t.Fatal(err)
	}
	if want := "Nothing is ranked: process n=2 failed ("; !strings.HasPrefix(c.Conclusion, want) || len(c.Differences) > 0 {
		t.Errorf("conclusion %q, differences %+v", c.Conclusion, c.Differences)
	}
	last := got.Modes[2]
	if got.Ranked || last.Mode != "process" || last.OK != 0 || !strings.Contains(last.Error, "exit status 7") || got.Modes[1].Speedup != 0 {
		t.Errorf("the data: %s", &data)
	}
	if _, err := os.Stat(filepath.Join(p.Out, "process", ".grab")); err == nil {
		t.Error("a state folder is left")
	}
}

// The same holds for a program that cannot be started at all.
func TestMissingWorkerProgram(t *testing.T) {
	p, _ := plan(t, 2)
	p.WorkerCommand = []string{filepath.Join(t.TempDir(), "nothing")}
	e, _ := Run(t.Context(), p)
	c := e.Comparison
	if c.Ranked || len(c.Modes) != 3 || c.Modes[2].Error == "" || c.Modes[1].OK != 2 {
		t.Errorf("%+v", c)
	}
}

// After a round in which an image failed there is no further round: nothing could be ranked.
func TestStopsAfterAFailedRound(t *testing.T) {
	p, server := plan(t, 1)
	p.List = read(t, server.URL("/image/1.jpg")+"\n"+server.URL("/status/404")+"\nftp://x/\n")
	e, err := Run(t.Context(), p)
	if err != nil || len(e.Runs) != 6 || e.Comparison.Rounds != 1 {
		t.Fatalf("%d runs, %v", len(e.Runs), err)
	}
	for _, run := range e.Runs {
		if run.Total != 3 || run.OK != 1 || run.Failed != 2 || (!strings.Contains(run.Error, "404") && !strings.Contains(run.Error, "ftp")) {
			t.Errorf("%+v", run)
		}
	}
}

// A folder with files that grab did not make is refused, whichever mode it belongs to, before
// anything is fetched or deleted.
func TestForeignFiles(t *testing.T) {
	for _, name := range []string{"holiday.jpg", "image.jpg", "images", "Manifest.jsonl", "image_0.jpg/inside", "image_.jpg", "image_old.jpg", "image_7.txt"} {
		t.Run(strings.ReplaceAll(name, "/", " "), func(t *testing.T) {
			p, server := plan(t, 2)
			mine := filepath.Join(p.Out, "process", name)
			old := filepath.Join(p.Out, "sequential", "image_0.jpg")
			for _, path := range []string{mine, old} {
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte("mine"), 0o666)); err != nil {
					t.Fatal(err)
				}
			}
			e, err := Run(t.Context(), p)
			if err == nil || len(e.Runs) > 0 {
				t.Errorf("%d runs, %v", len(e.Runs), err)
			}
			if server.Ledger().Total > 0 {
				t.Error("something was fetched")
			}
			for _, path := range []string{mine, old} {
				if data, err := os.ReadFile(path); err != nil || string(data) != "mine" {
					t.Errorf("%s: %d bytes, %v", path, len(data), err)
				}
			}
		})
	}
}

// An interrupted comparison returns its complete runs.
func TestInterrupted(t *testing.T) {
	p, server := plan(t, 2)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the user")
	arrived := 0
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if arrived++; arrived == 2 {
			cancel(why)
		}
		http.Redirect(w, r, server.URL("/image/1.jpg"), http.StatusFound)
	}))
	defer hook.Close()
	p.List = read(t, hook.URL+"\n")
	e, err := Run(ctx, p)
	if !errors.Is(err, why) || len(e.Runs) != 1 || e.Runs[0].Mode != downloader.Sequential {
		t.Errorf("%d runs, %v", len(e.Runs), err)
	}
	if e.Comparison.Ranked {
		t.Error("ranked")
	}
}

func TestReadListError(t *testing.T) {
	broken := errors.New("broken")
	_, err := ReadList(func(yield func(downloader.Item, error) bool) { yield(downloader.Item{}, broken) })
	if _, ok := errors.AsType[*downloader.UsageError](err); !ok || !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
