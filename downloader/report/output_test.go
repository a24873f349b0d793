package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
)

func TestTable(t *testing.T) {
	var b bytes.Buffer
	if err := WriteTable(&b, &Experiment{Comparison: Compare(conditions(2), experiment())}); err != nil {
		t.Fatal(err)
	}
	want := `5 images, 2 rounds of each mode, after a warm-up; times in seconds

        mode  n   ok  median  low  high    min    max  ideal  efficiency  speed-up
  sequential  1  5/5   9.250    -     -  9.250  9.250  9.250     100.0 %     1.00x
        pool  3  5/5   3.700    -     -  3.700  3.700  3.700     100.0 %     2.50x
     process  3  5/5   3.700    -     -  3.700  3.700  3.700     100.0 %     2.50x

        mode  n  images/s  bytes/s    CPU  children  waiting  MiB  switches  connections  peak  start
  sequential  1       0.5    540 B  0.050     0.000     99 %  8.0         0            -     -  0.020
        pool  3       1.4   1.4 kB  0.050     0.000    100 %  8.0         0            -     -  0.020
     process  3       1.4   1.4 kB  0.050     0.000    100 %  8.0         0            -     -  0.020

        mode  n    p50    p90    p99    max  queue  dns  connect  tls  first byte  body  verify  commit
  sequential  1  1.85s  1.85s  1.85s  1.85s      0    0        0    0           0     0       0       0
        pool  3  1.85s  1.85s  1.85s  1.85s      0    0        0    0           0     0       0       0
     process  3  1.85s  1.85s  1.85s  1.85s      0    0        0    0           0     0       0       0

All modes fetched the same bytes.

Differences in time (Mann-Whitney U test with Holm's correction):
  too few rounds to tell any two apart

Beware:
  With 2 rounds there is no interval of 95 % confidence: it takes 6.
  With 2 rounds and 3 pairs to compare no difference can be significant: it takes 5 rounds.

Too few rounds to tell the times apart: it takes -rounds 5. 100 % of the workers' time was waiting: more workers can help.
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &b, want)
	}
}

// An experiment is a line of conditions, one for each run, and the comparison.
func TestExperimentJSON(t *testing.T) {
	var b bytes.Buffer
	e := Experiment{Conditions: conditions(2), Runs: experiment()}
	e.Conditions.Type, e.Comparison = "conditions", Compare(e.Conditions, e.Runs)
	if err := WriteExperimentJSON(&b, &e); err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range bytes.Lines(b.Bytes()) {
		var top map[string]json.RawMessage
		if err := json.Unmarshal(line, &top); err != nil {
			t.Fatal(err)
		}
		types = append(types, string(top["type"]))
	}
	if want := strings.Fields(`"conditions" "run" "run" "run" "run" "run" "run" "comparison"`); !slices.Equal(types, want) {
		t.Errorf("lines %v", types)
	}
	var top map[string]json.RawMessage
	var modes []map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(lastLine(b.Bytes()), &top), json.Unmarshal(top["modes"], &modes)); err != nil {
		t.Fatal(err)
	}
	need(t, top, "type", "images", "rounds", "identical", "ranked", "modes", "differences", "conclusion")
	for _, mode := range modes {
		need(t, mode, "mode", "workers", "ok", "failed", "bytes", "seconds", "median_seconds", "min_seconds", "max_seconds",
			"ideal_seconds", "speedup", "cpu_seconds", "peak_rss_bytes", "startup_seconds", "low_seconds", "high_seconds", "efficiency",
			"images_per_second", "bytes_per_second", "child_cpu_seconds", "context_switches", "connections", "peak_in_flight", "latency", "phases")
	}
}

// A comparison that broke before a mode ran is still well formed: lists, not null.
func TestBrokenComparisonJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteExperimentJSON(&b, &Experiment{Comparison: Compare(conditions(2), experiment()[:1])}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lastLine(b.Bytes())), "null") {
		t.Errorf("null in %s", &b)
	}
}

func need(t *testing.T, object map[string]json.RawMessage, fields ...string) {
	t.Helper()
	for _, field := range fields {
		if _, ok := object[field]; !ok {
			t.Errorf("no field %q", field)
		}
	}
}

func summary() downloader.Summary {
	return downloader.Summary{
		Mode: downloader.Pool, Workers: 16, Total: 10, OK: 4, Skipped: 1, Failed: 4, Canceled: 1, Bytes: 61_684,
		Classes: map[downloader.Class]int{downloader.ClassHTTP4xx: 1, downloader.ClassDNS: 1, downloader.ClassStall: 2},
		Elapsed: 2 * time.Second, Startup: time.Second,
		Usage: downloader.Usage{CPU: 1500 * time.Millisecond, PeakRSS: 3 << 19},
	}
}

// The most frequent failure comes first, each with the first example of its
// class; a class without one is told all the same.
func TestSummary(t *testing.T) {
	f := &Failures{}
	for _, r := range []downloader.Result{
		{Item: downloader.Item{Line: 7, URL: "http://a/1"}, Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, Error: "404 Not Found"},
		{Item: downloader.Item{URL: "http://a/2"}, Status: downloader.StatusFailed, Class: downloader.ClassStall, Error: "silence"},
		{Item: downloader.Item{Line: 9, URL: "http://a/3"}, Status: downloader.StatusFailed, Class: downloader.ClassStall, Error: "another"},
		{Item: downloader.Item{Line: 3, URL: "http://a/4"}, Status: downloader.StatusOK},
		{Item: downloader.Item{Line: 4, URL: "http://a/5"}, Status: downloader.StatusCanceled, Class: downloader.ClassCanceled, Error: "interrupted"},
	} {
		f.Observe(r)
	}
	var b bytes.Buffer
	if err := WriteSummary(&b, summary(), f); err != nil {
		t.Fatal(err)
	}
	want := `^10 images: 4 ok, 4 failed, 1 skipped, 1 interrupted
61\.7 kB in 2\.000 s, 2\.0 images/s; mode pool, 16 workers; CPU 1\.500 s, memory 1\.5 MiB
failed: 2 × stall, as argument http://a/2: silence
failed: 1 × dns
failed: 1 × http-4xx, as line 7, http://a/1: 404 Not Found
$`
	if !regexp.MustCompile(want).MatchString(b.String()) {
		t.Errorf("got:\n%s", &b)
	}

	b.Reset()
	none := downloader.Summary{Mode: downloader.Sequential, Workers: 1}
	if err := WriteSummary(&b, none, &Failures{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.HasPrefix(text, "0 images: 0 ok, 0 failed, 0 skipped\n") || strings.Contains(text, "NaN") ||
		strings.Contains(text, "workers") || strings.Contains(text, "memory") {
		t.Errorf("got:\n%s", text)
	}
}

func TestSummaryJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSummaryJSON(&b, summary(), 130); err != nil {
		t.Fatal(err)
	}
	got := map[string]any{}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || strings.Count(b.String(), "\n") != 1 {
		t.Fatalf("%v: %q", err, &b)
	}
	for field, want := range map[string]any{
		"type": "summary", "mode": "pool", "workers": 16.0, "total": 10.0, "ok": 4.0, "skipped": 1.0, "failed": 4.0, "canceled": 1.0,
		"bytes": 61_684.0, "seconds": 2.0, "startup_seconds": 1.0, "images_per_second": 2.0, "cpu_seconds": 1.5, "peak_rss_bytes": float64(3 << 19), "exit_code": 130.0,
	} {
		if got[field] != want {
			t.Errorf("%s: %v, want %v", field, got[field], want)
		}
	}
	if classes, ok := got["classes"].(map[string]any); !ok || len(classes) != 3 || classes["stall"] != 2.0 {
		t.Errorf("classes: %v", got["classes"])
	}
}

// picky is a writer that fails from its second write on.
type picky struct {
	got    bytes.Buffer
	writes int
	err    error
}

func (p *picky) Write(data []byte) (int, error) {
	if p.writes++; p.writes > 1 {
		return 0, p.err
	}
	return p.got.Write(data)
}

// Results are lines of JSON that keep what they say; a reader who is gone is
// told of by Flush, each time.
func TestJSONLines(t *testing.T) {
	out := &picky{err: errors.New("gone")}
	j := NewJSONLines(out)
	var want []downloader.Result
	for i := range 3 {
		r := downloader.Result{Item: downloader.Item{Index: i, Line: i + 1, URL: "http://x/?a=1&b=<2>"}, Status: downloader.StatusOK, SHA256: bytesOf(i)}
		want = append(want, r)
		j.Observe(r)
	}
	if out.got.Len() > 0 {
		t.Error("written before the flush")
	}
	if err := j.Flush(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.got.String(), `"type":"result"`) || !strings.Contains(out.got.String(), `a=1&b=<2>`) {
		t.Errorf("got %s", &out.got)
	}
	var got []downloader.Result
	for line := range strings.Lines(out.got.String()) {
		var r downloader.Result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	for range 2 {
		j.Observe(want[0])
		if err := j.Flush(); !errors.Is(err, out.err) {
			t.Errorf("flush to a reader who is gone: %v", err)
		}
	}
}

// Every form of a report passes on that it could not be written.
func TestWriteErrors(t *testing.T) {
	for name, write := range map[string]func(*picky) error{
		"summary":         func(w *picky) error { return WriteSummary(w, summary(), &Failures{}) },
		"summary JSON":    func(w *picky) error { return WriteSummaryJSON(w, summary(), 0) },
		"table":           func(w *picky) error { return WriteTable(w, &Experiment{}) },
		"experiment JSON": func(w *picky) error { return WriteExperimentJSON(w, &Experiment{}) },
	} {
		w := &picky{writes: 1, err: errors.New("gone")}
		if err := write(w); !errors.Is(err, w.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
