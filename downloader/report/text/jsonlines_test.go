package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
	"grab/downloader/report/saved"
)

func TestSummaryJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSummaryJSON(&b, reporttest.Summary(), 130); err != nil {
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

// Results are written as JSON lines that decode to the same results. If the reader is gone, each
// Flush returns the error.
func TestJSONLines(t *testing.T) {
	out := &picky{err: errors.New("gone")}
	j := NewJSONLines(out)
	var want []downloader.Result
	for i := range 3 {
		r := downloader.Result{Item: downloader.Item{Index: i, Line: i + 1, URL: "http://x/?a=1&b=<2>"}, Status: downloader.StatusOK, SHA256: reporttest.Hash(i)}
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

// Every form of a report returns the error of its writer.
func TestWriteErrors(t *testing.T) {
	for name, write := range map[string]func(*picky) error{
		"summary":         func(w *picky) error { return WriteSummary(w, reporttest.Summary(), &Failures{}) },
		"summary JSON":    func(w *picky) error { return WriteSummaryJSON(w, reporttest.Summary(), 0) },
		"table":           func(w *picky) error { return WriteTable(w, &report.Experiment{}) },
		"experiment JSON": func(w *picky) error { return saved.Write(w, &report.Experiment{}) },
	} {
		w := &picky{writes: 1, err: errors.New("gone")}
		if err := write(w); !errors.Is(err, w.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
