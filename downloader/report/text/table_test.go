package text

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

func TestTable(t *testing.T) {
	var b bytes.Buffer
	if err := WriteTable(&b, &report.Experiment{Comparison: report.Compare(reporttest.Conditions(2), reporttest.Runs())}); err != nil {
		t.Fatal(err)
	}
	want := `5 images, 2 rounds of each mode, after a warm-up; times in seconds

Caution: With 2 rounds and 3 pairs to compare no difference can be significant:
it takes 5 rounds.

        mode  n   ok  median  low  high    min    max
  sequential  1  5/5   9.250    -     -  9.250  9.250
        pool  3  5/5   3.700    -     -  3.700  3.700
     process  3  5/5   3.700    -     -  3.700  3.700

        mode  n  ideal  efficiency  speed-up  images/s  bytes/s  start
  sequential  1  9.250     100.0 %     1.00x       0.5    540 B  0.020
        pool  3  3.700     100.0 %     2.50x       1.4   1.4 kB  0.020
     process  3  3.700     100.0 %     2.50x       1.4   1.4 kB  0.020

        mode  n    CPU  children  waiting  memory  switches  conns  peak
  sequential  1  0.050     0.000     99 %  8.4 MB         0      -     -
        pool  3  0.050     0.000    100 %  8.4 MB         0      -     -
     process  3  0.050     0.000    100 %  8.4 MB         0      -     -

        mode  n    p50    p90    p99    max  queue
  sequential  1  1.85s  1.85s  1.85s  1.85s      0
        pool  3  1.85s  1.85s  1.85s  1.85s      0
     process  3  1.85s  1.85s  1.85s  1.85s      0

        mode  n  dns  connect  tls  first byte  body  verify  commit
  sequential  1    0        0    0           0     0       0       0
        pool  3    0        0    0           0     0       0       0
     process  3    0        0    0           0     0       0       0

All modes fetched the same bytes.

Differences in time (Mann-Whitney U test with Holm's correction):
  too few rounds to tell any two apart

Warnings:
  With 2 rounds there is no interval of 95 % confidence: it takes 6.

Too few rounds to tell the times apart: it takes -rounds 5. 100 % of the
workers' time was waiting: more workers can help.
`
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &b, want)
	}
}

// Every line of a table fits 80 columns, also with large numbers.
func TestTableFits(t *testing.T) {
	c := reporttest.Conditions(6)
	c.Modes, c.Workers, c.Local = downloader.Modes(), []int{16, 128}, true
	c.Sweep = "latency=100ms"
	var runs []report.Run
	for _, who := range c.Contenders() {
		for round := range 6 {
			r := reporttest.Run(who.Mode, round, 1234567*time.Millisecond)
			r.Workers, r.Bytes, r.PeakRSSBytes, r.ContextSwitches, r.CPUSeconds = who.Workers, 1<<40, 123_400_000, 1_234_567, 123.456
			r.Server = &report.ServerFigures{Requests: 20000, Connections: 10000, PeakInFlight: 128}
			for i := range r.Images {
				timing := &r.Images[i].Timing
				*timing = downloader.Timing{Queue: 0.000123, DNS: 0.0123, Connect: 0.000999, TLS: 0.123, FirstByte: 0.000123, Body: 0.123, Verify: 0.000123, Commit: 0.000123, Total: 123.4}
			}
			runs = append(runs, r)
		}
	}
	e := report.Experiment{Conditions: c, Runs: runs, Comparison: report.Compare(c, runs)}
	for name, write := range map[string]func(io.Writer) error{
		"table": func(w io.Writer) error { return WriteTable(w, &e) },
		"sweep": func(w io.Writer) error { return WriteSweep(w, []report.Experiment{e, e}) },
		"changes": func(w io.Writer) error {
			return WriteChanges(w, report.CompareSaved([]report.Experiment{e}, []report.Experiment{e}))
		},
	} {
		text := reporttest.Written(t, write)
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(line); n > 80 { // its end included
				t.Errorf("%s: %d columns: %s", name, n-1, line)
			}
		}
		for _, who := range c.Contenders() {
			if name != "table" && !strings.Contains(text, who.String()) {
				t.Errorf("%s: no %s in\n%s", name, who, text)
			}
		}
	}
}

// A comparison in which everything failed says what failed, and has no table of dashes.
func TestTableOfFailures(t *testing.T) {
	e := reporttest.Experiment(func(r *report.Run) {
		r.OK, r.Failed, r.Images, r.Bytes, r.Error = 0, 5, nil, 0, "line 2, http://a/: http-4xx: 404 Not Found"
	})
	got := reporttest.Written(t, func(w io.Writer) error { return WriteTable(w, &e) })
	for _, who := range e.Conditions.Contenders() {
		if !strings.Contains(got, who.String()+" failed with 0 of 5 images: line 2, http://a/: http-4xx: 404 Not Found\n") {
			t.Errorf("%s: not said what failed", who)
		}
	}
	if strings.Contains(got, " - ") || strings.Contains(got, "median") {
		t.Errorf("a table of nothing:\n%s", got)
	}
}
