package engine_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
)

// TestPanic panics while it fetches one image. The list is endless, but the run ends,
// and what it finished before counts.
func TestPanic(t *testing.T) {
	for _, c := range []modeCase{{Sequential, 1}, {Pool, 4}} {
		opts := options(t, c)
		opts.Dir = t.TempDir()
		var warned atomic.Pointer[string]
		d, err := New(opts, Deps{Output: shelf{}, Warn: func(text string) { warned.Store(&text) }})
		if err != nil {
			t.Fatal(err)
		}
		summary, err := d.RunBy(t.Context(), func(yield func(Item, error) bool) {
			for i := 0; yield(Item{Index: i, URL: "http://a.test/"}, nil); i++ {
			}
		}, func(item Item) Result {
			if item.Index == 100 {
				panic("out of luck")
			}
			return Result{Item: item, Status: StatusOK}
		})
		if !errors.Is(err, ClassInternal) || !strings.Contains(err.Error(), "out of luck") {
			t.Errorf("%v: the run ends with %v", c, err)
		}
		if summary.OK < 100 || summary.Failed != 1 || summary.Classes[ClassInternal] != 1 || summary.Total != summary.OK+summary.Failed+summary.Canceled {
			t.Errorf("%v: %+v", c, summary)
		}
		if text := warned.Load(); text == nil || !strings.Contains(*text, "out of luck") || !strings.Contains(*text, "panic_test.go") {
			t.Errorf("%v: no trace is told", c)
		}
	}
}
