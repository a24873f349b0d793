package engine

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/nettest"
)

// drips sends a body of size bytes in pieces.
func drips(size, piece int, every time.Duration) pipeServer {
	return func(c net.Conn, _ int) {
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", size)
		body := nettest.OKBody + strings.Repeat("x", size-len(nettest.OKBody))
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

func minSpeed(o *downloader.Options) { o.MinSpeed, o.Verify = 1024, downloader.VerifyType }

// TestSlow has bodies that never fall silent, but would not end for hours.
func TestSlow(t *testing.T) {
	for name, serve := range map[string]pipeServer{
		"a byte every ten seconds": drips(1e6, 1, 10*time.Second),
		"as slow as no stall":      drips(1e6, 1000, 29*time.Second),
		"1000 bytes a second":      drips(1e6, 1000, time.Second),
		"a byte every millisecond": drips(1e6, 1, time.Millisecond),
		"fast and then ever slower": func(c net.Conn, _ int) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n"+nettest.OKBody+strings.Repeat("x", 5e5))
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
			check(t, r, downloader.ClassSlow, 5)
			nettest.Within(t, took, 5*time.Minute, 5*(time.Minute+30*time.Second)+time.Minute)
			if !strings.Contains(r.Error, "1024 bytes a second") {
				t.Errorf("the error %q does not say what was asked for", r.Error)
			}
		})
	}
}

// TestSlowEnough has bodies that are slow, but fast enough to succeed.
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
			if r.Status != downloader.StatusOK || r.Attempts != 1 || r.Bytes != tt.size {
				t.Errorf("%+v", r)
			}
			nettest.Within(t, took, tt.took, tt.took)
		})
	}
}

// TestSilenceIsOneFailure checks that silence is a stall if that limit is the shorter
// one, and slow otherwise. It is never both, and never reported later than its limit.
func TestSilenceIsOneFailure(t *testing.T) {
	for stall, tt := range map[time.Duration]struct {
		class downloader.Class
		took  time.Duration
	}{
		30 * time.Second: {downloader.ClassStall, 30 * time.Second},
		time.Minute:      {downloader.ClassStall, time.Minute},
		time.Hour:        {downloader.ClassSlow, time.Minute},
	} {
		r, took := inBubble(t, func(o *downloader.Options) { minSpeed(o); o.StallTimeout, o.Retries = stall, 0 },
			func(c net.Conn, _ int) { io.WriteString(c, nettest.OKHead+nettest.OKBody[:10]); hold(c) })
		check(t, r, tt.class, 1)
		nettest.Within(t, took, tt.took, tt.took)
	}
}
