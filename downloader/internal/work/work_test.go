package work

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// TestAnswers has answers of a child process to a job. It must not choose another file.
func TestAnswers(t *testing.T) {
	item := downloader.Item{Index: 3, Line: 4, URL: "http://me:word@a.test/x", Ask: &downloader.Ask{}}
	ok := func(change func(*Outcome)) Outcome {
		o := Outcome{Result: downloader.Result{Item: item.Public(), Status: downloader.StatusOK}, Staged: StagedFor(item, ".jpg")}
		change(&o)
		return o
	}
	is := func(s downloader.Status) func(*Outcome) { return func(o *Outcome) { o.Result.Status = s } }
	plain, asked := Job{Item: item}, Job{Item: item, Validator: downloader.Validator{Name: "If-None-Match", Value: `"v"`}}
	for name, c := range map[string]struct {
		o    Outcome
		j    *Job
		want bool
	}{
		"ok":                     {ok(func(*Outcome) {}), &plain, true},
		"another item":           {ok(func(o *Outcome) { o.Result.Index++ }), &plain, false},
		"the password":           {ok(func(o *Outcome) { o.Result.URL = item.URL }), &plain, false},
		"another file":           {ok(func(o *Outcome) { o.Staged.Path = "x" }), &plain, false},
		"a strange extension":    {ok(func(o *Outcome) { o.Staged = StagedFor(item, ".exe") }), &plain, false},
		"another staged item":    {ok(func(o *Outcome) { o.Staged.Index++ }), &plain, false},
		"trouble, and ok":        {ok(func(o *Outcome) { o.Trouble = &Trouble{} }), &plain, false},
		"failed without a class": {ok(is(downloader.StatusFailed)), &plain, false},
		"failed": {ok(func(o *Outcome) {
			is(downloader.StatusFailed)(o)
			o.Result.Class, o.Trouble = downloader.ClassDNS, &Trouble{}
		}), &plain, true},
		"canceled":                 {ok(func(o *Outcome) { is(downloader.StatusCanceled)(o); o.Result.Class = downloader.ClassCanceled }), &plain, true},
		"canceled without a class": {ok(is(downloader.StatusCanceled)), &plain, false},
		"skipped":                  {ok(is(downloader.StatusSkipped)), &asked, true},
		"skipped, unasked":         {ok(is(downloader.StatusSkipped)), &plain, false},
		"no status":                {ok(is("")), &plain, false},
	} {
		if got := c.o.Answers(c.j); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if s := StagedFor(item, ".jpg"); s.Path != ".grab/3.part" || s.Ask != nil || s.URL != item.URL {
		t.Errorf("%+v", s)
	}
	var tr live.Tracker
	plain.Follow(&tr) // nobody looks
	entry := new(live.Entry)
	plain.Show(entry)
	if plain.Follow(&tr); entry.Tracker.Load() != &tr {
		t.Error("the progress is not shown")
	}
}

// TestTroubleOf lists failures, and what they say of the host.
func TestTroubleOf(t *testing.T) {
	for _, c := range []struct {
		err      downloader.Error
		trouble  string // OfHost and Offline; empty: nil
		noAnswer bool
	}{
		{downloader.Error{Class: downloader.ClassDNS}, "true true", true},
		{downloader.Error{Class: downloader.ClassTimeoutConnect}, "true true", true},
		{downloader.Error{Class: downloader.ClassConnect, Err: syscall.ENETUNREACH}, "true true", true},
		{downloader.Error{Class: downloader.ClassConnect, Err: syscall.ECONNREFUSED}, "true false", true},
		{downloader.Error{Class: downloader.ClassHTTP4xx}, "", false},
		{downloader.Error{Class: downloader.ClassHTTP4xx, RetryAfter: time.Second}, "true false", true},
		{downloader.Error{Class: downloader.ClassHTTP5xx}, "", false},
		{downloader.Error{Class: downloader.ClassHTTP5xx, Retry: downloader.RetryBudget}, "true false", true},
		{downloader.Error{Class: downloader.ClassReset, Op: "wait for the response"}, "true false", true},
		{downloader.Error{Class: downloader.ClassReset, Op: "read body"}, "true false", false},
		{downloader.Error{Class: downloader.ClassTruncated}, "true false", false},
		{downloader.Error{Class: downloader.ClassStall}, "true false", false},
		{downloader.Error{Class: downloader.ClassSlow}, "true false", false},
		{downloader.Error{Class: downloader.ClassNotImage}, "", false},
	} {
		got := ""
		if tr := TroubleOf(&c.err, false, time.Second); tr != nil {
			got = fmt.Sprint(tr.OfHost, tr.Offline)
		}
		if got != c.trouble || NoAnswer(&c.err) != c.noAnswer {
			t.Errorf("%v: %q, no answer %v; want %q, %v", c.err.Class, got, NoAnswer(&c.err), c.trouble, c.noAnswer)
		}
		again := TroubleOf(&c.err, true, time.Second)
		if *again != (Trouble{OfHost: c.trouble != "", Offline: again.Offline, Again: true, Wait: time.Second, Asked: c.err.RetryAfter}) || again.Offline != (c.trouble == "true true") {
			t.Errorf("%v, once more: %+v", c.err.Class, again)
		}
	}
}

// TestPause waits as long as it takes, and no longer than anybody wants it.
func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		drain := make(chan struct{})
		for n, most := range map[int]time.Duration{1: 10 * time.Millisecond, 3: 40 * time.Millisecond, 100: time.Second} {
			began := time.Now()
			if err := Pause(t.Context(), drain, n); err != nil || time.Since(began) < 5*time.Millisecond || time.Since(began) > most {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		if err := Pause(ctx, nil, 100); err == nil || err.Class != downloader.ClassCanceled || err.Op != "wait to try again" {
			t.Errorf("%v", err)
		}
		if IsClosed(drain) {
			t.Error("closed")
		}
		close(drain)
		if err := Pause(t.Context(), drain, 100); err == nil || err.Reason != "interrupted before it began" || !IsClosed(drain) {
			t.Errorf("%v", err)
		}
		if time.Since(began) != 0 {
			t.Errorf("after %v", time.Since(began))
		}
	})
	if e := Overdue(&downloader.Options{Timeout: time.Minute}); e.Class != downloader.ClassDeadline || e.Error() != "not done within 1m0s" {
		t.Errorf("%v", e)
	}
	for n, want := range map[int]time.Duration{1: 2, 2: 4, 4: 16, 5: 20, 61: 20, 62: 20, 63: 20, 1000: 20} {
		if low, high := Backoff(1, 20, n, 0), Backoff(1, 20, n, 1); low != 1 || high != want {
			t.Errorf("%d: %d to %d, want 1 to %d", n, low, high, want)
		}
	}
}
