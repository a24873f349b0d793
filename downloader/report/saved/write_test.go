package saved_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
	. "grab/downloader/report/saved"
)

// An experiment is written as a line of conditions, one for each run, and the comparison.
func TestExperimentJSON(t *testing.T) {
	var b bytes.Buffer
	e := Experiment{Conditions: reporttest.Conditions(2), Runs: reporttest.Runs()}
	e.Conditions.Type, e.Comparison = "conditions", Compare(e.Conditions, e.Runs)
	if err := Write(&b, &e); err != nil {
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

// A comparison that stopped before a mode ran is still well formed: it has empty lists instead of
// null.
func TestBrokenComparisonJSON(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, &Experiment{Comparison: Compare(reporttest.Conditions(2), reporttest.Runs()[:1])}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lastLine(b.Bytes())), "null") {
		t.Errorf("null in %s", &b)
	}
}

// lastLine returns the last line of data.
func lastLine(data []byte) []byte {
	data = bytes.TrimSpace(data)
	return data[bytes.LastIndexByte(data, '\n')+1:]
}

func need(t *testing.T, object map[string]json.RawMessage, fields ...string) {
	t.Helper()
	for _, field := range fields {
		if _, ok := object[field]; !ok {
			t.Errorf("no field %q", field)
		}
	}
}

// A saved file says which other programs took part.
func TestPrograms(t *testing.T) {
	e := Experiment{Conditions: reporttest.Conditions(2), Runs: reporttest.Runs()}
	e.Conditions.Type, e.Conditions.With = "conditions", []Program{{Name: "fetch", Command: "fetch {list}"}}
	e.Comparison = Compare(e.Conditions, e.Runs)
	var b bytes.Buffer
	if err := Write(&b, &e); err != nil {
		t.Fatal(err)
	}
	again, err := Read(&b)
	if err != nil || len(again) != 1 || !slices.Equal(again[0].Conditions.With, e.Conditions.With) || again[0].Comparison.Find(Contender{Mode: "fetch"}) == nil {
		t.Errorf("%+v, %v", again, err)
	}
}
