package progress

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// TestFrameParts has frames of runs that are under way, and of narrow terminals.
func TestFrameParts(t *testing.T) {
	waits := snapshot{done: 60, canceled: 10, total: 100, bytes: 1000, elapsed: time.Second, givenUp: 1, held: []downloader.HostState{{Images: 1, Next: 2600 * time.Millisecond}}}
	unknown := snapshot{done: 5, bytes: 1000, elapsed: 2 * time.Second}
	bar := func(full, width int) string {
		return strings.Repeat("█", full) + strings.Repeat(" ", width-full)
	}
	for _, c := range []struct {
		s     snapshot
		width int
		want  string
	}{
		{unknown, 80, "m: 5, 2.5 images/s, 1.0 kB, 500 B/s"}, {unknown, 10, "m: 5, 2.5"}, {unknown, 1, ""}, {unknown, 0, ""},
		{waits, 200, "m  50% |" + bar(20, 40) + "| 50/100, 50.0 images/s, waiting for 1 host (next try in 3s), 1 host given up, 1.0 kB, 1.0 kB/s"},
		{waits, 30, "m  50% |" + bar(6, 13) + "| 50/100"}, {waits, 18, "m  50% |" + bar(0, 1) + "| 50/100"}, {waits, 17, "m  50% |" + bar(0, 1) + "| 50/10"},
	} {
		if got := frame("m", c.s, c.width); got != c.want {
			t.Errorf("%d columns: %q, want %q", c.width, got, c.want)
		}
	}
}

// TestTimeLeft has runs on both sides of each limit.
func TestTimeLeft(t *testing.T) {
	for _, c := range []struct {
		s    snapshot
		want string
	}{
		{snapshot{total: 9, lately: 1}, ""},
		{snapshot{total: 9, done: 1, lately: 1}, ", 8s left"},
		{snapshot{total: 9, done: 9, lately: 1}, ""},
		{snapshot{total: 9, done: 8, lately: 0.1}, ", 10s left"},
		{snapshot{total: 9, done: 2, canceled: 1, lately: 1}, ""},
		{snapshot{total: 9, done: 1, lately: 1, held: []downloader.HostState{{Images: 3}, {Images: 1}}}, ", 8s left"},
		{snapshot{total: 9, done: 1, lately: 1, held: []downloader.HostState{{Images: 3}, {Images: 2}}}, ", time left unknown"},
		{snapshot{total: 9, done: 1, lately: -1}, ", time left unknown"},
		{snapshot{total: 9, done: 1, lately: 0.5}, ", 16s left"},
	} {
		if got := c.s.timeLeft(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.s, got, c.want)
		}
	}
	for _, c := range []struct {
		s    snapshot
		want string
	}{
		{snapshot{givenUp: 1}, ", 1 host given up"},
		{snapshot{held: []downloader.HostState{{}, {}}}, ", waiting for 2 hosts (next try in 1s)"},
		{snapshot{held: []downloader.HostState{{Next: 1600 * time.Millisecond}}, givenUp: 2}, ", waiting for 1 host (next try in 2s), 2 hosts given up"},
	} {
		if got := c.s.waiting(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.s, got, c.want)
		}
	}
	if got := (snapshot{done: 1, bytes: 1, elapsed: time.Second}).figures(); got != "1, 1.0 images/s, 1 B, 1 B/s" {
		t.Errorf("a byte a second: %q", got)
	}
}

// TestMeter follows a run that becomes faster, second by second: the pace is that of the last 21.
func TestMeter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c live.Counters
		c.SetHosts(func() ([]downloader.HostState, int) { return []downloader.HostState{{Host: "h"}}, 7 })
		c.Canceled.Store(1)
		m := &meter{counters: &c, started: time.Now()}
		if s := m.snapshot(); s.lately != 0 || s.givenUp != 7 || len(s.held) != 1 || s.canceled != 1 {
			t.Errorf("at the beginning: %+v", s)
		}
		c.OK.Store(9)
		time.Sleep(500 * time.Millisecond)
		if s := m.snapshot(); s.lately != 20 || s.elapsed != 500*time.Millisecond {
			t.Errorf("after half a second: %+v", s)
		}
		c.Canceled.Store(0)
		m = &meter{counters: &c, started: time.Now()}
		for second := int64(1); second <= 60; second++ {
			time.Sleep(time.Second)
			c.OK.Store(second * second)
			want := float64(second)
			if second > 21 {
				want = float64(2*second - 21)
			}
			if got := m.snapshot().lately; got != want {
				t.Errorf("after %d s: %v images a second, want %v", second, got, want)
			}
		}
	})
}

// TestBarInTime has every byte that a bar writes, on a clock of its own.
func TestBarInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		c := counters(0, 0, 0, 0)
		d := Start(&out, Bar, "m", true, c)
		time.Sleep(drawEvery)
		synctest.Wait()
		c.OK.Store(1)
		time.Sleep(drawEvery / 2)
		d.Log("line")
		time.Sleep(drawEvery/2 + drawEvery*3/4)
		d.Stop()
		var want strings.Builder
		show := func(parts ...any) { fmt.Fprint(&want, parts...) }
		show(clearLine, "m: 0, 0.0 images/s, 0 B")
		show(clearLine, "line\n", "m: 1, 6.7 images/s, 0 B")
		show(clearLine, "m: 1, 5.0 images/s, 0 B")
		show(clearLine, "m: 1, 3.6 images/s, 0 B\n")
		if out.String() != want.String() {
			t.Errorf("%q, want %q", &out, want.String())
		}
	})
}

// TestOneHostGivenUp names it among what is in flight.
func TestOneHostGivenUp(t *testing.T) {
	var out screen
	c := counters(0, 0, 0, 0)
	c.SetHosts(func() ([]downloader.HostState, int) { return nil, 1 })
	d := Start(&out, None, "m", false, c)
	d.InFlight()
	d.Stop()
	if want := "m: 0 in flight\n  1 host given up, to be tried once more at the end\n"; out.String() != want {
		t.Errorf("%q, want %q", &out, want)
	}
	if got := Columns(io.Discard); got != 80 {
		t.Errorf("an output without columns has %d", got)
	}
}
