package flight

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestOneCall has many callers at once. One of them gives up, which costs the others
// nothing. A later caller starts anew.
func TestOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group[string, int]
		calls := 0
		work := func(ctx context.Context) int {
			calls++
			select {
			case <-time.After(time.Second):
				return calls
			case <-ctx.Done():
				return -1
			}
		}
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var waiting sync.WaitGroup
		waiting.Go(func() { // the first of all
			if _, err := g.Do(impatient, "a", work); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		})
		synctest.Wait()
		for range 10 {
			waiting.Go(func() {
				if v, err := g.Do(t.Context(), "a", work); v != 1 || err != nil {
					t.Errorf("%d, %v", v, err)
				}
			})
		}
		waiting.Wait()
		if v, err := g.Do(t.Context(), "a", work); v != 2 || err != nil {
			t.Errorf("afterwards: %d, %v", v, err)
		}
	})
}

// TestNobodyWaits has work whose only caller gives up. It is cut off, and the next caller
// does not get its value.
func TestNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group[string, int]
		cut := make(chan struct{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := g.Do(ctx, "a", func(ctx context.Context) int {
			<-ctx.Done()
			<-cut
			return 1
		})
		if err == nil {
			t.Error("no error")
		}
		if v, err := g.Do(t.Context(), "a", func(context.Context) int { return 2 }); v != 2 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
		close(cut)
	})
}
