package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/perf/benchfmt"

	"grab/downloader"
)

// saved is the experiment as it is kept: with a warm-up, and with when each
// worker had which image.
func savedExperiment(spoil func(*Run)) Experiment {
	e := Experiment{Conditions: conditions(2), Runs: experiment()}
	e.Conditions.Type, e.Conditions.Machine = "conditions", Machine{OS: "linux", Arch: "amd64", CPUs: 2, CPU: "Example 3000", Go: "go1.26"}
	warmup := good(downloader.Pool, 0, 8*time.Second)
	warmup.Warmup = true
	e.Runs = append([]Run{warmup}, e.Runs...)
	for i := range e.Runs {
		r := &e.Runs[i]
		for j := range r.Images {
			r.Images[j].Worker, r.Images[j].Start = j%r.Workers, 1.85*float64(j/r.Workers)
		}
		if spoil != nil {
			spoil(r)
		}
	}
	e.Comparison = Compare(e.Conditions, e.Runs)
	return e
}

// die makes a run of mode process that of children that died at once.
func die(r *Run) {
	if r.Mode == downloader.Process {
		r.OK, r.Failed, r.Images, r.Bytes, r.Seconds, r.Error = 0, 5, nil, 0, 0.45, "start the workers:\n=1 | exit status 1"
	}
}

func text(t *testing.T, write func(b *bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func csvRows(t *testing.T, e Experiment) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text(t, func(b *bytes.Buffer) error { return WriteCSV(b, []Experiment{e}) }))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, name := range rows[0] {
			record[name] = row[i]
		}
		records = append(records, record)
	}
	return records
}

func TestCSV(t *testing.T) {
	rows := csvRows(t, savedExperiment(nil))
	if len(rows) != 7 {
		t.Fatalf("%d rows", len(rows))
	}
	if r := rows[0]; r["warmup"] != "true" || r["speedup"] != "" {
		t.Errorf("the warm-up: %v", r)
	}
	if r := rows[2]; r["mode"] != "pool" || r["workers"] != "3" || r["round"] != "0" || r["seconds"] != "3.7" || r["speedup"] != "2.5" || r["ok"] != "5" ||
		r["ranked"] != "true" || r["peak_rss_bytes"] != fmt.Sprint(8<<20) || r["error"] != "" {
		t.Errorf("pool: %v", r)
	}
	broken := savedExperiment(die)
	broken.Comparison.Modes[1].Speedup = 2.5 // whoever set it
	for _, r := range csvRows(t, broken) {
		failed := r["mode"] == "process"
		if r["ranked"] != "false" || r["speedup"] != "" || (r["seconds"] == "") != failed || strings.Contains(r["error"], "exit status 1") != failed {
			t.Errorf("ranked, with a mode that failed: %v", r)
		}
	}
	for _, text := range []string{"=1+1", "+1", "-1", "@x"} {
		if cellText(text) != "'"+text {
			t.Errorf("%q is a formula", text)
		}
	}
}

// benchmarks parses what is for benchstat: seconds for each name.
func benchmarks(t *testing.T, data string) map[string][]float64 {
	t.Helper()
	got := map[string][]float64{}
	r := benchfmt.NewReader(strings.NewReader(data), "test")
	for r.Scan() {
		switch record := r.Result().(type) {
		case *benchfmt.Result:
			seconds, ok := record.Value("sec/run")
			if !ok || record.Iters != 1 || record.GetConfig("goos") != "linux" || record.GetConfig("cpu") != "Example 3000" {
				t.Errorf("%+v", record)
			}
			got[record.Name.String()] = append(got[record.Name.String()], seconds)
		case *benchfmt.SyntaxError:
			t.Error(record)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBenchmarks(t *testing.T) {
	write := func(e Experiment) string {
		return text(t, func(b *bytes.Buffer) error { return WriteBenchmarks(b, []Experiment{e}) })
	}
	got := benchmarks(t, write(savedExperiment(nil)))
	if len(got) != 3 || !slices.Equal(got["Compare/mode=pool/n=3"], []float64{3.7, 3.7}) || !slices.Equal(got["Compare/mode=sequential/n=1"], []float64{9.25, 9.25}) {
		t.Errorf("%v", got)
	}
	e := savedExperiment(nil)
	e.Conditions.Sweep = "latency=10 ms/x"
	if got := benchmarks(t, write(e)); len(got["Compare/latency=10_ms_x/mode=pool/n=3"]) != 2 {
		t.Errorf("%v", got)
	}

	data := write(savedExperiment(die))
	got = benchmarks(t, data)
	if len(got) != 2 || len(got["Compare/mode=process/n=3"]) != 0 || !strings.Contains(data, "\n# nothing is ranked") ||
		!strings.Contains(data, "\n# process n=3 failed: start the workers: =1 | exit status 1\n") {
		t.Errorf("%v in\n%s", got, data)
	}
	data = write(savedExperiment(func(r *Run) {
		if r.Mode == downloader.Process {
			r.Images[2].SHA256 = "another"
		}
	}))
	if got := benchmarks(t, data); len(got) != 0 {
		t.Errorf("other bytes, and times all the same: %v", got)
	}
}

func TestMarkdown(t *testing.T) {
	write := func(e Experiment) string {
		return text(t, func(b *bytes.Buffer) error { return WriteMarkdown(b, []Experiment{e}) })
	}
	e := savedExperiment(nil)
	e.Comparison.Conclusion, e.Comparison.Warnings = "Three `workers` | [need](x) two.", []string{"The <b>machine</b> was busy."}
	e.Comparison.Claims = []Claim{{Claim: "A", Measured: "B", Holds: true}, {Claim: "C", Measured: "D"}, {Claim: "E", Measured: "F", Untold: true}}
	got := write(e)
	for _, want := range []string{
		"**Three \\`workers\\` \\| \\[need\\](x) two.**\n", "\n| contender |", "\n| pool n=3 | 5/5 | 3.700 |", " | 2.50× | 0.050 | 8.0 |\n",
		"\n- Warning: The \\<b\\>machine\\</b\\> was busy.\n",
		"\n- holds: A. Measured: B\n", "\n- does not hold: C. Measured: D\n", "\n- cannot be told: E. Measured: F\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	got = write(savedExperiment(die))
	if !strings.Contains(got, "Nothing is ranked.\n\n") || !strings.Contains(got, "| process n=3 | 0/5 | FAILED |") || strings.Contains(got, "×") ||
		!strings.Contains(got, "- process n=3 failed: start the workers: =1 \\| exit status 1\n") || strings.Contains(got, "0.450") {
		t.Errorf("ranked, with a mode that failed:\n%s", got)
	}
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|")-strings.Count(line, "\\|") != 11 {
			t.Errorf("not ten cells: %s", line)
		}
	}
}

// Who interrupts a comparison is not told that a mode failed, nor that bytes
// differ: it had no turn. Nothing is ranked.
func TestInterruptedIsNotFailed(t *testing.T) {
	for name, left := range map[string]int{"in the warm-up": 1, "in the first round": 3, "in the second round": 5} {
		e := savedExperiment(nil)
		e.Conditions.Images, e.Runs = 5, e.Runs[:left]
		e.Comparison = Compare(e.Conditions, e.Runs)
		if want := "Nothing is ranked: not every round was run."; e.Comparison.Ranked || e.Comparison.Conclusion != want {
			t.Errorf("%s: %s", name, e.Comparison.Conclusion)
		}
		for form, write := range forms([]Experiment{e}) {
			got := text(t, write)
			for _, wrong := range []string{"FAILED", " failed", "same bytes", "2.50"} {
				if strings.Contains(got, wrong) && form != "JSON" { // whose field is called that
					t.Errorf("%s, %s: %q in\n%s", name, form, wrong, got)
				}
			}
			if left < 4 && form != "JSON" && form != "CSV" && form != "changes" && !strings.Contains(got, "not run") && got != "" {
				t.Errorf("%s, %s: it is not said what did not run:\n%s", name, form, got)
			}
		}
	}
}

func TestTimeline(t *testing.T) {
	e := savedExperiment(nil)
	want := `
When each worker had which image; a column is 0.14 s

  sequential
     1 |[=====0=====][=====1=====][====2=====][=====3=====][=====4=====]|
  pool n=3
     1 |[=====0=====][=====3=====]                                      |
     2 |[=====1=====][=====4=====]                                      |
     3 |[=====2=====]                                                   |
  process n=3
     1 |[=====0=====][=====3=====]                                      |
     2 |[=====1=====][=====4=====]                                      |
     3 |[=====2=====]                                                   |
       0                                                           9.25 s
`
	if got := text(t, func(b *bytes.Buffer) error { return WriteTimeline(b, &e) }); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	e = savedExperiment(die)
	if got := text(t, func(b *bytes.Buffer) error { return WriteTimeline(b, &e) }); !strings.Contains(got, "  process n=3: nothing was fetched\n") {
		t.Errorf("a mode that failed:\n%s", got)
	}
}

// With more images than columns, or more workers than lines, the timeline says
// how busy the workers were, and how many are left out.
func TestTimelineCrowded(t *testing.T) {
	e := Experiment{Conditions: Conditions{Rounds: 1, Modes: []downloader.Mode{downloader.Pool}, Workers: []int{20}}}
	r := Run{Mode: downloader.Pool, Workers: 20, Total: 4000, OK: 4000, Seconds: 10}
	for i := range 4000 {
		length := 0.05
		if i%20 == 1 {
			length = 0.025 // the second worker rests half of its time
		}
		r.Images = append(r.Images, Image{Index: i, Worker: i % 20, Start: float64(i/20) * 0.05, SHA256: "x", Timing: downloader.Timing{Total: length}})
	}
	e.Runs = []Run{r}
	e.Comparison = Compare(e.Conditions, e.Runs)
	got := text(t, func(b *bytes.Buffer) error { return WriteTimeline(b, &e) })
	for _, want := range []string{"     1 |" + strings.Repeat("#", 64) + "|\n", "     2 |" + strings.Repeat("+", 64) + "|\n", "and 12 more workers", "# busy"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
