package client

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
)

// read is a number of bytes that arrive after a pause.
type read struct {
	bytes int
	after time.Duration
}

func times(n int, r read) []read {
	all := make([]read, n)
	for i := range all {
		all[i] = r
	}
	return all
}

// TestPace finds the read with which a body becomes too slow, at 1000 bytes a
// second.
func TestPace(t *testing.T) {
	for name, tt := range map[string]struct {
		reads []read
		slow  time.Duration // from the body's start; 0: never
	}{
		"a byte every ten seconds":     {times(100, read{1, 10 * time.Second}), time.Minute},
		"just enough":                  {times(3600, read{1000, time.Second}), 0},
		"just too little":              {times(3600, read{999, time.Second}), time.Minute},
		"just enough, in bursts":       {times(60, read{60_000, time.Minute}), 0},
		"in bursts too far apart":      {times(60, read{60_000, 66 * time.Second}), 0},
		"in small bursts":              {times(60, read{29_000, 29 * time.Second}), 0},
		"in smaller bursts":            {times(60, read{19_000, 29 * time.Second}), 87 * time.Second},
		"without waiting":              {times(1e6, read{1, 0}), 0},
		"ends within the first minute": {times(59, read{0, time.Second}), 0},
		"fast, then slow":              {append(times(1, read{1e9, time.Second}), times(100, read{1, time.Second})...), 65 * time.Second},
		"slow, then fast":              {append(times(55, read{1, time.Second}), times(1000, read{20_000, time.Second})...), 0},
		"long silence, then a flood":   {[]read{{0, time.Hour}, {60_000, 0}}, time.Hour},
		"a flood after a long silence": {[]read{{60_000, time.Hour}, {60_000, time.Minute}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := pace{minimum: 1000}
			var now, slow time.Duration
			for _, r := range tt.reads {
				if now += r.after; p.slow(r.bytes, r.after) {
					slow = now
					break
				}
			}
			if slow != tt.slow {
				t.Errorf("too slow after %v, want %v", slow, tt.slow)
			}
		})
	}
	if p := new(pace); p.slow(0, time.Hour) {
		t.Error("too slow for no limit")
	}
}

// TestSilentBody reads a body that falls silent. The time between two reads is not the server's.
func TestSilentBody(t *testing.T) {
	for _, c := range []struct {
		stall bool
		class downloader.Class
		text  string
	}{
		{true, downloader.ClassStall, "nothing received for 10s"},
		{false, downloader.ClassSlow, "less than 5 bytes a second for 1m0s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, w := io.Pipe()
			body := &watchedBody{ReadCloser: r, limit: 10 * time.Second, stall: c.stall, pace: pace{minimum: 5}}
			go func() {
				for range 3 {
					time.Sleep(9 * time.Second)
					_, _ = w.Write([]byte("abc"))
				}
			}()
			p := make([]byte, 9)
			for range 3 {
				if n, err := body.Read(p); n != 3 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
				time.Sleep(time.Hour)
			}
			began := time.Now()
			_, err := body.Read(p)
			e, ok := errors.AsType[*downloader.Error](err)
			if !ok || e.Class != c.class || e.Reason != c.text || e.Op != "read body" || time.Since(began) != 10*time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		})
	}
	ended := &watchedBody{ReadCloser: io.NopCloser(strings.NewReader("abc")), limit: time.Hour, stall: true}
	if text, err := io.ReadAll(ended); string(text) != "abc" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}
