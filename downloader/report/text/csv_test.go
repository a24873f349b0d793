package text

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

func csvRows(t *testing.T, e report.Experiment) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(reporttest.Written(t, func(b io.Writer) error { return WriteCSV(b, []report.Experiment{e}) }))).ReadAll()
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
	rows := csvRows(t, reporttest.Experiment(nil))
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
	broken := reporttest.Broken()
	broken.Comparison.Modes[1].Speedup = 2.5 // must not be shown, although it is set
	for _, r := range csvRows(t, broken) {
		failed := r["mode"] == "process"
		if r["ranked"] != "false" || r["speedup"] != "" || (r["seconds"] == "") != failed || strings.Contains(r["error"], "exit status 1") != failed {
			t.Errorf("ranked, with a mode that failed: %v", r)
		}
	}
	for _, text := range []string{"=1+1", "+1", "-1", "@x", "\uff1d1"} {
		e := reporttest.Experiment(nil)
		e.Conditions.Preset, e.Runs[1].Error = text, text
		if r := csvRows(t, e)[1]; r["preset"] != "'"+text || r["error"] != "'"+text {
			t.Errorf("%q is a formula: %v", text, r)
		}
	}
}
