package batch

import (
	"sync/atomic"
	"testing"

	"grab/downloader"
)

// The share of failures is that of the last 1,000 results, whatever came before.
func TestBudgetCountsTheLast(t *testing.T) {
	var received atomic.Int64
	stopped := ""
	b, done := NewBudget(Limits{Failures: 20}, &received, func(cause error) {
		if stopped == "" {
			stopped = cause.Error()
		}
	})
	defer done()
	ok := downloader.Result{Status: downloader.StatusOK}
	bad := downloader.Result{Status: downloader.StatusFailed, Attempts: 1}
	for range 200 { // 20 percent of what the window holds in the end, and no more
		for range 4 {
			b.Observe(ok)
		}
		b.Observe(bad)
	}
	if stopped != "" {
		t.Fatalf("after 20 percent: %s", stopped)
	}
	for range 5000 {
		b.Observe(ok)
		b.Observe(downloader.Result{Status: downloader.StatusSkipped})
	}
	for range 200 {
		b.Observe(bad)
	}
	if stopped != "" || b.failures != 200 {
		t.Fatalf("after 200 of 1,000: %q, %d failures", stopped, b.failures)
	}
	if b.Observe(bad); stopped != "reached -max-failures: 201 of the last 1000 images failed" {
		t.Errorf("after 201 of 1,000: %q", stopped)
	}
}
