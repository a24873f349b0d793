package fetch

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/nettest"
	"grab/downloader/internal/work"
)

// TestNames plays what name servers do, each with a server of its own.
func TestNames(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	for _, tt := range nettest.NameFaults(publicHost) {
		t.Run(tt.What, func(t *testing.T) {
			t.Parallel()
			tr := newTraveller(t, asking(nettest.NameServer(t, "127.0.0.1:0", tt.Answer)), func(o *downloader.Options) { o.ConnectTimeout = 2 * time.Second })
			done := tr.Do(t.Context(), work.Job{Item: downloader.Item{URL: "http://name.test." + public.port() + "/x"}})
			if r := done.Result; r.Class != tt.Class || r.Attempts != 1 || done.Trouble != nil && done.Trouble.Again != tt.Again || tt.Again && done.Trouble == nil {
				t.Errorf("class %q after %d attempts (%s), trouble %+v", r.Class, r.Attempts, r.Error, done.Trouble)
			}
			if r := done.Result; tt.Class != "" && !strings.Contains(r.Error, "name.test") {
				t.Errorf("the error is %q", r.Error)
			}
		})
	}
}

// TestBlackHoles plays A49: a name has one address where nothing answers, and a good
// one.
func TestBlackHoles(t *testing.T) {
	for _, hole := range []string{"::1", "127.0.0.3"} {
		t.Run(hole, func(t *testing.T) {
			t.Parallel()
			public := startStation(t, publicHost+":0").start(t)
			n := asking(nettest.NameServer(t, "127.0.0.1:0", func(q nettest.Question) []byte { return q.Answer(0, hole, publicHost) }))
			var mu sync.Mutex
			fell := 0
			n.Dialer.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
				if host, _, err := net.SplitHostPort(address); err != nil || host != hole {
					return err
				}
				mu.Lock()
				fell++
				mu.Unlock()
				<-ctx.Done()
				return errors.New("nobody there")
			}
			tr := newTraveller(t, n, func(o *downloader.Options) { o.ConnectTimeout = 5 * time.Second })
			tr.goes("http://hole.test."+public.port()+"/x", "")
			mu.Lock()
			defer mu.Unlock()
			if fell != 1 {
				t.Errorf("the black hole was dialled %d times", fell)
			}
		})
	}
}
