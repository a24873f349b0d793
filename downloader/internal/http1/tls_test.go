package http1_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"grab/downloader/internal/http1"
)

// TestConnectionsOverTLS has a server that does something to the first connection after its
// first reply. The numbers of the connection and of the request on it are the later replies.
func TestConnectionsOverTLS(t *testing.T) {
	other := httptest.NewTLSServer(nil)
	config := &tls.Config{Certificates: other.TLS.Certificates}
	other.Close()
	for name, c := range map[string]struct {
		after string // what the server sends
		close bool
		want  string
	}{
		"nothing":   {"", false, "[200 1 1 200 1 2 200 1 3]"},
		"a close":   {"", true, "[200 1 1 200 2 1 200 2 2]"},
		"a goodbye": {"HTTP/1.1 408 Request Timeout\r\n\r\n", true, "[200 1 1 200 2 1 200 2 2]"},
		"surplus":   {sized("stranger"), false, "[200 1 1 200 2 1 200 3 1]"},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		serve(t, tls.NewListener(l, config), func(n, i int) (string, bool) { return sized(fmt.Sprint(n, i)), false }, func(w io.Writer, n, i int) {
			if n != 1 || i != 1 {
				return
			}
			if c.after != "" {
				_, _ = io.WriteString(w, c.after)
			}
			if c.close {
				_ = w.(io.Closer).Close()
			}
			close(done)
		})
		_, plain := client(t)
		plain.DialTLS = func(ctx context.Context, network, address string) (*tls.Conn, error) {
			raw, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return tls.Client(raw, &tls.Config{InsecureSkipVerify: true}), nil
		}
		base := &http.Transport{}
		base.RegisterProtocol("https", plain)
		secure := &http.Client{Transport: base}
		var got []string
		for range 3 {
			one, err := get(secure, "https://"+l.Addr().String()+"/")
			if err != nil {
				t.Error(err)
			}
			got = append(got, one)
			<-done
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	_, plain := client(t)
	refused := errors.New("refused")
	plain.DialTLS = func(context.Context, string, string) (*tls.Conn, error) { return nil, refused }
	plain.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, refused }
	for _, url := range []string{"http://a.test/", "https://a.test/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plain.RoundTrip(req); err != refused {
			t.Errorf("%v", err)
		}
	}
	var without http1.Transport
	if req, _ := http.NewRequest(http.MethodGet, "https://a.test/", nil); without.Takes(req) {
		t.Error("a transport without TLS takes an https URL")
	}
}
