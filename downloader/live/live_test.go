package live

import (
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
)

// TestTracker follows a transfer of two attempts, the first through a redirect. In its second
// request, a dial that another connection has overtaken says nothing any more.
func TestTracker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr Tracker
		one, two := &net.TCPAddr{Port: 1}, &net.TCPAddr{Port: 2}
		check := func(at Phase, reused, failed bool, remote net.Addr) {
			t.Helper()
			now, since := tr.Now()
			if now != at || tr.Phase() != at || tr.Reused() != reused || tr.FailedOnReused() != failed || tr.Remote() != remote || at != PhaseStart && time.Since(since) != 0 {
				t.Errorf("%v since %v, reused %v, failed on reused %v, of %v", now, since, tr.Reused(), tr.FailedOnReused(), tr.Remote())
			}
		}
		check(PhaseStart, false, false, nil)
		tr.NewConnections(true)
		if !tr.Unconnected() {
			t.Error("the connection need not be new")
		}
		tr.NewConnections(false)
		tr.Dial(PhaseDNS)
		time.Sleep(1 * time.Second)
		tr.Dial(PhaseConnect)
		time.Sleep(2 * time.Second)
		tr.Handshake(one)
		check(PhaseTLS, false, false, one)
		time.Sleep(4 * time.Second)
		tr.Connected(one, false)
		check(PhaseWait, false, false, one)
		time.Sleep(8 * time.Second)
		if tr.Unconnected() {
			t.Error("the connection must be new")
		}
		time.Sleep(time.Hour) // for a connection: no phase of its own
		tr.Connected(two, true)
		check(PhaseWait, true, true, two)
		tr.Dial(PhaseConnect)
		tr.Handshake(one)
		check(PhaseWait, true, true, two)
		time.Sleep(16 * time.Second)
		tr.Enter(PhaseBody)
		check(PhaseBody, true, false, two)
		time.Sleep(32 * time.Second)
		tr.Enter(PhaseVerify)
		time.Sleep(64 * time.Second)
		tr.Enter(PhasePause)
		time.Sleep(time.Hour)
		tr.Enter(PhaseBody)
		time.Sleep(128 * time.Second)
		tr.Repeat()
		tr.Repeat()
		want := downloader.Timing{DNS: 1, Connect: 2, TLS: 4, FirstByte: 24, Body: 160, Verify: 64}
		if got := tr.Timing(); got != want || tr.Repeats() != 2 || tr.Phase() != PhaseStart {
			t.Errorf("%+v, %d repeats; want %+v", got, tr.Repeats(), want)
		}
		time.Sleep(time.Hour)
		if got := tr.Timing(); got != want {
			t.Errorf("after the end: %+v", got)
		}
		tr.Connected(one, false)
		if tr.Unconnected(); tr.Phase() != PhaseStart {
			t.Errorf("a request without a connection: %v", tr.Phase())
		}
		if tr.Dial(PhaseConnect); tr.Phase() != PhaseConnect {
			t.Errorf("it dials: %v", tr.Phase())
		}
	})
}

// TestReport takes the phases that a child process reports, as far as they are phases.
func TestReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr Tracker
		for _, c := range []struct{ reported, want Phase }{
			{PhaseBody, PhaseBody}, {-1, PhaseBody}, {phaseCount, PhaseBody}, {PhaseBody, PhaseBody}, {PhaseStart, PhaseStart}, {PhasePause, PhasePause},
		} {
			began := time.Now()
			tr.Report(c.reported)
			if at, since := tr.Now(); at != c.want || c.want == PhaseBody && c.reported != PhaseBody && since.Equal(began) {
				t.Errorf("%d: %v since %v", c.reported, at, since)
			}
			time.Sleep(time.Second)
		}
		if got := tr.Timing().Body; got != 4 {
			t.Errorf("%v s of the body", got)
		}
	})
	names := ""
	for p := range phaseCount {
		names += p.String() + ","
	}
	if want := ",look up,connect,TLS handshake,wait for the response,read body,check the image,wait to try again,"; names != want {
		t.Errorf("%q, want %q", names, want)
	}
}

// TestCounters takes images in hand, and shows what is done with them.
func TestCounters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c Counters
		if c.Phase() != PhaseStart || len(c.Flights()) != 0 {
			t.Errorf("%v, %v", c.Phase(), c.Flights())
		}
		if held, given := c.Hosts(); held != nil || given != 0 {
			t.Errorf("%v, %d", held, given)
		}
		c.SetHosts(func() ([]downloader.HostState, int) { return []downloader.HostState{{Host: "a"}}, 3 })
		if held, given := c.Hosts(); len(held) != 1 || given != 3 {
			t.Errorf("%v, %d", held, given)
		}
		var entries []*Entry
		for i := range 5 {
			entries = append(entries, c.Begin(downloader.Item{Index: 4 - i, Line: 5 - i, URL: "http://a.test/"}, 0))
		}
		time.Sleep(time.Second)
		var waits, reads, placed Tracker
		waits.Enter(PhaseStart)
		entries[1].Tracker.Store(&Tracker{})
		entries[2].Tracker.Store(&waits)
		entries[3].Tracker.Store(&reads)
		reads.Enter(PhaseBody)
		placed.Enter(PhaseBody)
		entries[4].Tracker.Store(&placed)
		time.Sleep(2 * time.Second)
		now := time.Now()
		entries[4].Fetched.Store(&now)
		time.Sleep(4 * time.Second)
		want := []string{
			"line 1, http://a.test/: put in place for 4s, 7s in all",
			"line 2, http://a.test/: read body for 6s, 7s in all",
			"line 3, http://a.test/: wait for a connection for 6s, 7s in all",
			"line 4, http://a.test/: wait for a connection for 7s, 7s in all",
			"line 5, http://a.test/: wait for a worker process for 7s, 7s in all",
		}
		if got := fmt.Sprintf("%q", c.Flights()); got != fmt.Sprintf("%q", want) {
			t.Errorf("%s\nwant %q", got, want)
		}
		for _, e := range append(entries[:3:3], entries[4]) {
			c.End(e)
		}
		if left := c.Flights(); len(left) != 1 || left[0].Line != 2 {
			t.Errorf("still in flight: %v", left)
		}
		if c.Phase() != PhaseBody {
			t.Errorf("%v", c.Phase())
		}
		for i, s := range []downloader.Status{downloader.StatusOK, downloader.StatusSkipped, downloader.StatusFailed, downloader.StatusCanceled} {
			for range 1 << i {
				c.Count(s)
			}
		}
		if got := fmt.Sprint(c.OK.Load(), c.Skipped.Load(), c.Failed.Load(), c.Canceled.Load(), c.Done()); got != "1 2 4 8 15" {
			t.Error(got)
		}
	})
}
