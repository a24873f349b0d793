package text

import (
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// parseBenchmarks returns the seconds of each run by the name of its benchmark.
func parseBenchmarks(t *testing.T, data string) map[string][]float64 {
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
	write := func(e report.Experiment) string {
		return reporttest.Written(t, func(b io.Writer) error { return WriteBenchmarks(b, []report.Experiment{e}) })
	}
	got := parseBenchmarks(t, write(reporttest.Experiment(nil)))
	if len(got) != 3 || !slices.Equal(got["Compare/mode=pool/n=3"], []float64{3.7, 3.7}) || !slices.Equal(got["Compare/mode=sequential/n=1"], []float64{9.25, 9.25}) {
		t.Errorf("%v", got)
	}
	e := reporttest.Experiment(nil)
	r := e.RunsOf(&e.Comparison.Modes[0])[0]
	*r = report.Run{Mode: r.Mode, Workers: r.Workers, Round: r.Round, OK: 6, Seconds: 4, CPUSeconds: 0.25, PeakRSSBytes: 1 << 20, Server: &report.ServerFigures{Connections: 3}}
	if data := write(e); !strings.HasPrefix(data, "Unit images/s better=higher\n") || !strings.Contains(data, " 1 4 sec/run 1.5 images/s 0.25 cpu-sec/run 1048576 peak-B 3 conns/run\n") {
		t.Errorf("the units are wrong in\n%s", data)
	}
	e = reporttest.Experiment(nil)
	e.Conditions.Sweep = "latency=10 ms/x"
	if got := parseBenchmarks(t, write(e)); len(got["Compare/latency=10_ms_x/mode=pool/n=3"]) != 2 {
		t.Errorf("%v", got)
	}

	data := write(reporttest.Broken())
	got = parseBenchmarks(t, data)
	if len(got) != 2 || len(got["Compare/mode=process/n=3"]) != 0 || !strings.Contains(data, "\n# nothing is ranked") ||
		!strings.Contains(data, "\n# process n=3 failed: start the workers: =1 | exit status 1\n") {
		t.Errorf("%v in\n%s", got, data)
	}
	data = write(reporttest.Experiment(func(r *report.Run) {
		if r.Mode == downloader.Process {
			r.Images[2].SHA256 = "another"
		}
	}))
	if got := parseBenchmarks(t, data); len(got) != 0 {
		t.Errorf("other bytes, and times all the same: %v", got)
	}
}
