package http1

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestDoubt has a server that answers the second request much sooner than the first. The
// connection is watched until the true response could have come.
func TestDoubt(t *testing.T) {
	for _, c := range []struct {
		second, stranger time.Duration // when the second response comes, and what follows it; 0: nothing does
		want             sight
		waits            time.Duration // after the request
	}{
		{5 * time.Millisecond, 0, quiet, 40 * time.Millisecond},
		{5 * time.Millisecond, 30 * time.Millisecond, talking, 30 * time.Millisecond},
		{15 * time.Millisecond, 0, quiet, 15 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			raw, server := net.Pipe()
			go func() {
				defer server.Close()
				r := bufio.NewReader(server)
				for i, wait := range []time.Duration{20 * time.Millisecond, c.second} {
					if _, err := http.ReadRequest(r); err != nil {
						t.Error(err)
					}
					time.Sleep(wait)
					_, _ = io.WriteString(server, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
					if i == 1 && c.stranger > 0 {
						time.Sleep(c.stranger - wait)
						_, _ = io.WriteString(server, "HTTP/1.1 200 OK\r\n")
					}
				}
				_, _ = r.ReadByte()
			}()
			conn := newConn(raw, raw, target{})
			req, err := http.NewRequest(http.MethodGet, "http://a.test/", nil)
			if err != nil {
				t.Fatal(err)
			}
			for i, fastest := range []time.Duration{20 * time.Millisecond, c.second} {
				began := time.Now()
				conn.reused = i > 0
				resp, err := conn.roundTrip(req, time.Second, 1<<10)
				if err != nil || resp.StatusCode != http.StatusOK || conn.fastest != fastest {
					t.Errorf("%+v, %v, the shortest time is %v", resp, err, conn.fastest)
				}
				_, _ = conn.reader.Discard(1)
				if i == 0 {
					continue
				}
				if seen := conn.settle(); seen != c.want || time.Since(began) != c.waits {
					t.Errorf("%+v: %v after %v", c, seen, time.Since(began))
				}
			}
			raw.Close()
		})
	}
}
