package wire

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer(t *testing.T) {
	for _, rate := range []int64{1, 7, 1000, 3_000_000_000} {
		synctest.Test(t, func(t *testing.T) {
			p := newPacer(rate)
			started := time.Now()
			total := min(10*rate, 20_000_000)
			for sent := int64(0); sent < total; {
				n := min(int64(p.chunk()), total-sent)
				if err := p.wait(t.Context(), int(n)); err != nil {
					t.Fatal(err)
				}
				sent += n
			}
			want := time.Duration(float64(total) / float64(rate) * float64(time.Second))
			if got := time.Since(started); (got - want).Abs() > time.Microsecond {
				t.Errorf("%d bytes at %d a second took %v, want %v", total, rate, got, want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newPacer(1).wait(ctx, 1000); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}
