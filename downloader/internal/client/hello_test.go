package client

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// middlebox drops connections by the size of their ClientHello.
type middlebox struct {
	net.Listener

	mu    sync.Mutex
	most  int      // longest ClientHello that it lets through; 0: none
	hello []string // what has come
}

// Accept returns a connection that the middlebox lets through.
func (m *middlebox) Accept() (net.Conn, error) {
	for {
		c, err := m.Listener.Accept()
		if err != nil {
			return nil, err
		}
		head := make([]byte, 5) // RFC 8446 section 5.1
		if _, err := io.ReadFull(c, head); err != nil {
			_ = c.Close()
			continue
		}
		hello := make([]byte, int(head[3])<<8|int(head[4]))
		_, err = io.ReadFull(c, hello)
		m.mu.Lock()
		size := "small"
		if len(hello) > 1000 { // a key share of ML-KEM alone has more
			size = "large"
		}
		m.hello = append(m.hello, size)
		pass := err == nil && len(hello) <= m.most
		m.mu.Unlock()
		if pass {
			return &begun{c, io.MultiReader(bytes.NewReader(head), bytes.NewReader(hello), c)}, nil
		}
		_ = c.Close()
	}
}

// came returns the ClientHellos since the last call.
func (m *middlebox) came() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	came := m.hello
	m.hello = nil
	return came
}

func (m *middlebox) pass(most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.most = most
}

// begun is a connection whose first bytes were read.
type begun struct {
	net.Conn
	r io.Reader
}

func (b *begun) Read(p []byte) (int, error) { return b.r.Read(p) }

// TestSmallHello counts the handshakes with a server behind a middlebox that drops some, and
// looks at their sizes. A host where a small ClientHello was no help is not asked twice again.
func TestSmallHello(t *testing.T) {
	const all, old, none = 1 << 16, 1000, 0
	type step struct {
		passes int
		ok     bool
		hellos []string
	}
	for name, steps := range map[string][]step{
		"all pass":              {{all, true, []string{"large"}}, {all, true, []string{"large"}}},
		"large ones dropped":    {{old, true, []string{"large", "small"}}, {old, true, []string{"small"}}},
		"all dropped":           {{none, false, []string{"large", "small"}}, {none, false, []string{"large"}}},
		"all dropped, at first": {{none, false, []string{"large", "small"}}, {all, true, []string{"large"}}},
	} {
		for _, http1 := range []bool{false, true} {
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			box := &middlebox{Listener: server.Listener}
			server.Listener = box
			server.TLS = &tls.Config{NextProtos: []string{"http/1.1"}}
			server.StartTLS()
			tr := newTransport(&downloader.Options{
				Workers: 1, HTTP1: http1, Insecure: true, ConnectTimeout: time.Minute, HeaderTimeout: time.Minute,
			}, new(net.Dialer).DialContext)
			for i, s := range steps {
				box.pass(s.passes)
				req, err := http.NewRequestWithContext(WithTracker(t.Context(), &live.Tracker{}), http.MethodGet, server.URL, nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := tr.RoundTrip(req)
				if err == nil {
					_ = resp.Body.Close()
				}
				tr.closeIdle()
				if came := box.came(); (err == nil) != s.ok || !slices.Equal(came, s.hellos) {
					t.Errorf("%s, HTTP/1.1 only %v, request %d: %v after %v, want %v", name, http1, i+1, err, came, s.hellos)
				}
			}
			server.Close()
		}
	}
}
