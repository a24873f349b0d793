package hosts

import (
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/queues/queuestest"
	"grab/downloader/internal/work"
)

// TestEvents has a host that refuses the first connection and then delivers. Those who watch
// see that it is left alone, and that it is back.
func TestEvents(t *testing.T) {
	for _, watched := range []bool{true, false} {
		g := New(&downloader.Options{Workers: 2, RetryMin: time.Second, RetryMax: time.Minute, RetryAfterMax: time.Hour}, func() (queues.Storage, error) { return &queuestest.Memory{}, nil }, watched)
		first := add(t, g, "a", 0)
		add(t, g, "a", 1)
		add(t, g, "b", 2)
		g.FinishList()
		if got, _ := g.TryNext(); got != first {
			t.Fatalf("got %v, want %v", got, first)
		}
		refused := downloader.Result{Item: first.Item, Status: downloader.StatusFailed, Class: downloader.ClassConnect, Error: "refused", Attempts: 1}
		if again, end := g.Finished(first, &work.Outcome{Result: refused, Trouble: &work.Trouble{OfHost: true, Again: true, Wait: 2 * time.Second}}); !again || end != nil {
			t.Errorf("%v, %v", again, end)
		}
		held, givenUp := g.Held()
		if len(held) != 1 || givenUp != 0 {
			t.Fatalf("%+v, %d", held, givenUp)
		}
		if s := held[0]; s.Host != "http://a.test" || s.Class != downloader.ClassConnect || s.Reason != "refused" || s.Failures != 1 || s.Images != 2 || s.Next <= 0 || s.Next > time.Minute {
			t.Errorf("%+v", s)
		}
		events := g.Events()
		if watched {
			if len(events) != 2 {
				t.Fatalf("%+v", events)
			}
			if e := events[0]; e.Host != "http://a.test" || e.Change != downloader.HostHeld || e.Class != downloader.ClassConnect || e.Reason != "refused" || e.Wait <= 0 || e.Images != 1 || time.Since(e.Time) > time.Minute {
				t.Errorf("%+v", e)
			}
			if e := events[1]; e.Change != downloader.HostRetry || e.URL != first.URL || e.Tried != 1 || e.Wait != 2*time.Second || e.Images != 2 {
				t.Errorf("%+v", e)
			}
		} else if events != nil {
			t.Errorf("%+v", events)
		}
		if g.Events() != nil {
			t.Error("events twice")
		}
		var next *Task
		for range 2 { // b first, which has not failed
			if next, _ = g.pick(time.Now().Add(time.Minute), false); next == nil {
				t.Fatal("no image after a minute")
			}
			g.Finished(next, &work.Outcome{Result: downloader.Result{Item: next.Item, Status: downloader.StatusOK}})
		}
		if held, _ := g.Held(); len(held) != 0 {
			t.Errorf("%+v", held)
		}
		if events := g.Events(); watched && (len(events) != 1 || events[0].Change != downloader.HostBack || events[0].Host != "http://a.test") {
			t.Errorf("%+v", events)
		}
	}
}

// TestHeldInOrder lists hosts by the time at which they are asked again, and counts those that
// were given up.
func TestHeldInOrder(t *testing.T) {
	g := governor(downloader.Options{Workers: 2, RetryAfterMax: time.Hour})
	now := time.Now()
	for i, wait := range []time.Duration{3 * time.Minute, time.Minute, 2 * time.Minute, 0} {
		task := add(t, g, string(rune('a'+i)), i)
		if wait > 0 {
			task.host.failures, task.host.heldUntil = BrokenAfter, now.Add(wait)
		} else {
			g.giveUp(task.host, now)
		}
		g.place(task.host, now)
	}
	held, givenUp := g.Held()
	names := ""
	for _, s := range held {
		names += s.Host + " "
	}
	if names != "http://b.test http://c.test http://a.test " || givenUp != 1 {
		t.Errorf("%s, %d given up", names, givenUp)
	}
}

// TestGiveUpError says why an image is not tried again, or not at all.
func TestGiveUpError(t *testing.T) {
	s := &host{name: "h", class: downloader.ClassConnect, reason: "refused", failures: 2}
	last := &downloader.Result{Class: downloader.ClassReset, Error: "reset"}
	for _, c := range []struct {
		failures, attempts int
		class              downloader.Class
		text               string
	}{
		{2, 0, downloader.ClassConnect, "not tried: h failed 2 times in a row, the last: refused"},
		{1, 0, downloader.ClassConnect, "not tried: h failed: refused"},
		{2, 1, downloader.ClassReset, "reset; not tried again: h failed 2 times in a row, the last: refused"},
	} {
		s.failures = c.failures
		task := &Task{Job: work.Job{Attempts: c.attempts}, Last: last}
		if e := s.giveUpError(task); e.Class != c.class || e.Error() != c.text {
			t.Errorf("%v: %v, want %q", e.Class, e, c.text)
		}
		want := "interrupted before it began"
		if c.attempts > 0 {
			want = "interrupted before another attempt; the last one: reset"
		}
		if e := task.InterruptedError(); e.Class != downloader.ClassCanceled || e.Error() != want {
			t.Errorf("%v, want %q", e, want)
		}
	}
}

// TestPathsAreImages counts the images that a host failed, and not their attempts.
func TestPathsAreImages(t *testing.T) {
	g := governor(downloader.Options{Workers: 2, RetryMax: time.Minute, RetryAfterMax: time.Hour})
	first, second := add(t, g, "a", 0), add(t, g, "a", 1)
	s := first.host
	failed := &work.Outcome{Result: downloader.Result{Status: downloader.StatusFailed, Class: downloader.ClassHTTP5xx, Error: "x"}, Trouble: &work.Trouble{OfHost: true}}
	for i, task := range []*Task{first, first, second} {
		if g.judge(task, failed, time.Now()); s.failures != i+1 || s.paths != 1+i/2 {
			t.Errorf("%d failures of %d images", s.failures, s.paths)
		}
		task.Attempts++
	}
	g.judge(first, &work.Outcome{Result: downloader.Result{Status: downloader.StatusOK}}, time.Now())
	if s.failures != 0 || s.paths != 0 || !s.delivered {
		t.Errorf("after an image: %d failures of %d images", s.failures, s.paths)
	}
}
