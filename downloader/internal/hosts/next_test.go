package hosts

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
)

// TestAllWorkersWake has several workers wait for hosts that may be asked again at the same
// moment. Each gets an image then.
func TestAllWorkersWake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers = 4
		g := governor(downloader.Options{Workers: workers})
		for i := range workers {
			host := fmt.Sprintf("h%d", i)
			g.hostOf(downloader.Item{URL: "http://" + host + ".test/"}).nextAt = time.Now().Add(time.Second)
			add(t, g, host, i)
		}
		began := time.Now()
		var running sync.WaitGroup
		for range workers {
			running.Go(func() {
				if task, end := g.Next(); task == nil || end != nil || time.Since(began) != time.Second {
					t.Errorf("%v, %v after %v", task, end, time.Since(began))
				}
			})
		}
		running.Wait()
	})
}
