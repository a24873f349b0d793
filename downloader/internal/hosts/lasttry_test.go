package hosts

import (
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// TestLastTry gives up the only host, and ends the list. A worker that looks for an image
// must get it at once, since nothing else would wake it.
func TestLastTry(t *testing.T) {
	g := governor(downloader.Options{Workers: 1, RetryAfterMax: time.Minute})
	task := add(t, g, "a", 0)
	g.FinishList()
	g.giveUp(task.host, time.Now())
	g.place(task.host, time.Now())
	if got, end := g.TryNext(); got != task || end != nil {
		t.Fatalf("got %v, %v", got, end)
	}
	if !task.host.lastTry {
		t.Error("it is not the last try")
	}
}

// TestLastTryBeforeTheEnd gives up the only host while the list goes on. It has its last try
// only if there is no room for more of the list, which would never be read else.
func TestLastTryBeforeTheEnd(t *testing.T) {
	for _, full := range []bool{false, true} {
		g := governor(downloader.Options{Workers: 1, RetryAfterMax: time.Minute})
		task := add(t, g, "a", 0)
		g.giveUp(task.host, time.Now())
		g.place(task.host, time.Now())
		if full {
			g.inMemory = 2 * MaxWaiting
		}
		if got, _ := g.TryNext(); (got == task) != full {
			t.Errorf("full %t: got %v", full, got)
		}
	}
}

// TestProbeThatShowsNothing lets the image fail that shows whether the network is back, for
// a reason of this machine. Another must take its turn.
func TestProbeThatShowsNothing(t *testing.T) {
	g := governor(downloader.Options{Workers: 2, RetryAfterMax: time.Minute})
	first, second := add(t, g, "a", 0), add(t, g, "b", 1)
	g.FinishList()
	g.net.holds = 1
	got, _ := g.TryNext()
	if got != first {
		t.Fatalf("got %v, want %v", got, first)
	}
	if more, _ := g.TryNext(); more != nil {
		t.Fatal("two images are requested although no host can be reached")
	}
	g.Finished(first, &work.Outcome{Result: downloader.Result{Item: first.Item, Status: downloader.StatusFailed, Class: downloader.ClassIO}})
	if got, _ := g.TryNext(); got != second {
		t.Fatalf("got %v, want %v", got, second)
	}
}

// TestProbeThatFails lets the image fail that shows whether the network is back, since it is
// not. Another takes its turn after a while.
func TestProbeThatFails(t *testing.T) {
	g := governor(downloader.Options{Workers: 2, RetryMin: time.Second, RetryMax: time.Minute, RetryAfterMax: time.Hour})
	first, second := add(t, g, "a", 0), add(t, g, "b", 1)
	g.FinishList()
	g.net.holds, g.net.since = 1, time.Now()
	if got, _ := g.TryNext(); got != first {
		t.Fatalf("got %v, want %v", got, first)
	}
	g.Finished(first, &work.Outcome{
		Result:  downloader.Result{Item: first.Item, Status: downloader.StatusFailed, Class: downloader.ClassConnect},
		Trouble: &work.Trouble{Offline: true, OfHost: true},
	})
	if got, _ := g.TryNext(); got != nil {
		t.Errorf("got %v at once", got)
	}
	if got, _ := g.pick(time.Now().Add(time.Minute), false); got != second && got != first {
		t.Errorf("got %v after a minute", got)
	}
}
