package downloader

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// read is a pause in the arrival of a body, and what comes after it.
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

// TestPace looks for the read with which a body becomes too slow, at 1000 bytes
// a second.
func TestPace(t *testing.T) {
	for name, tt := range map[string]struct {
		reads []read
		slow  time.Duration // from the body's start; 0: never
	}{
		"a byte every ten seconds":       {times(100, read{1, 10 * time.Second}), time.Minute},
		"just enough":                    {times(3600, read{1000, time.Second}), 0},
		"just too little":                {times(3600, read{999, time.Second}), time.Minute},
		"just enough, in bursts":         {times(60, read{60_000, time.Minute}), 0},
		"in bursts too far from another": {times(60, read{60_000, 66 * time.Second}), 0},
		"in small bursts":                {times(60, read{29_000, 29 * time.Second}), 0},
		"in smaller bursts":              {times(60, read{19_000, 29 * time.Second}), 87 * time.Second},
		"without waiting":                {times(1e6, read{1, 0}), 0},
		"ends within the first minute":   {times(59, read{0, time.Second}), 0},
		"fast, and then not":             {append(times(1, read{1e9, time.Second}), times(100, read{1, time.Second})...), 65 * time.Second},
		"slow, and then not":             {append(times(55, read{1, time.Second}), times(1000, read{20_000, time.Second})...), 0},
		"long silence, then a flood":     {[]read{{0, time.Hour}, {60_000, 0}}, time.Hour},
		"a flood after a long silence":   {[]read{{60_000, time.Hour}, {60_000, time.Minute}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := pace{least: 1000}
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

// drips sends a body of size bytes in pieces.
func drips(size, piece int, every time.Duration) pipeServer {
	return func(c net.Conn, _ int) {
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", size)
		body := okBody + strings.Repeat("x", size-len(okBody))
		for len(body) > 0 {
			time.Sleep(every)
			n, err := io.WriteString(c, body[:min(piece, len(body))])
			if err != nil {
				return
			}
			body = body[n:]
		}
	}
}

func minSpeed(o *Options) { o.MinSpeed, o.Verify = 1024, VerifyType }

// TestSlow has bodies that never fall silent, but would not end for hours.
func TestSlow(t *testing.T) {
	for name, serve := range map[string]pipeServer{
		"a byte every ten seconds": drips(1e6, 1, 10*time.Second),
		"as slow as no stall":      drips(1e6, 1000, 29*time.Second),
		"1000 bytes a second":      drips(1e6, 1000, time.Second),
		"a byte every millisecond": drips(1e6, 1, time.Millisecond),
		"fast and then ever slower": func(c net.Conn, _ int) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"+okBody+strings.Repeat("x", 5e5))
			for pause := time.Second; ; pause += time.Second / 10 {
				if _, err := io.WriteString(c, "x"); err != nil {
					return
				}
				time.Sleep(pause)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, took := inBubble(t, minSpeed, serve)
			check(t, r, ClassSlow, 5)
			within(t, took, 5*time.Minute, 5*(time.Minute+30*time.Second)+time.Minute)
			if !strings.Contains(r.Error, "1024 bytes a second") {
				t.Errorf("the error %q does not say what was asked for", r.Error)
			}
		})
	}
}

// TestSlowEnough has bodies that take their time, and must live.
func TestSlowEnough(t *testing.T) {
	for name, tt := range map[string]struct {
		serve pipeServer
		size  int64
		took  time.Duration
	}{
		"1.1 KiB a second for ten minutes": {drips(675_840, 1126, time.Second), 675_840, 601 * time.Second},
		"a byte a second for 59 seconds":   {drips(59, 1, time.Second), 59, 59 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			r, took := inBubble(t, minSpeed, tt.serve)
			if r.Status != StatusOK || r.Attempts != 1 || r.Bytes != tt.size {
				t.Errorf("%+v", r)
			}
			within(t, took, tt.took, tt.took)
		})
	}
}

// TestSilenceIsOneFailure has silence be a stall if the user's limit for that is
// the shorter one, and slow otherwise; never both, and never later than told.
func TestSilenceIsOneFailure(t *testing.T) {
	for stall, tt := range map[time.Duration]struct {
		class Class
		took  time.Duration
	}{
		30 * time.Second: {ClassStall, 30 * time.Second},
		time.Minute:      {ClassStall, time.Minute},
		time.Hour:        {ClassSlow, time.Minute},
	} {
		r, took := inBubble(t, func(o *Options) { minSpeed(o); o.StallTimeout, o.Retries = stall, 0 },
			func(c net.Conn, _ int) { io.WriteString(c, okHead+okBody[:10]); hold(c) })
		check(t, r, tt.class, 1)
		within(t, took, tt.took, tt.took)
	}
}
