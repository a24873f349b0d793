package http1_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"grab/downloader/internal/http1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server answers requests on raw connections. It calls answer for each request,
// with the number of the connection and of the request on it, both from 1. answer
// returns the reply, and whether to close the connection after it. A function of after is
// called when the reply has gone out.
func server(
	t testing.TB, answer func(conn, request int) (reply string, last bool), after ...func(w io.Writer, conn, request int),
) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve(t, l, answer, after...)
	return "http://" + l.Addr().String() + "/"
}

// serve answers requests as server does, on the connections of l.
func serve(t testing.TB, l net.Listener, answer func(conn, request int) (reply string, last bool), after ...func(w io.Writer, conn, request int)) {
	var serving sync.WaitGroup
	t.Cleanup(func() { l.Close(); serving.Wait() })
	serving.Go(func() {
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				r := bufio.NewReader(c)
				for i := 1; ; i++ {
					if _, err := http.ReadRequest(r); err != nil {
						return
					}
					reply, last := answer(n, i)
					if _, err := io.WriteString(c, reply); err != nil || last {
						return
					}
					for _, f := range after {
						f(c, n, i)
					}
				}
			})
		}
	})
}

func client(t testing.TB) (*http.Client, *http1.Transport) {
	t.Helper()
	plain := &http1.Transport{
		Dial: new(net.Dialer).DialContext, HeaderTimeout: 20 * time.Second, MaxHeaderBytes: 8 << 10,
		IdleTimeout: time.Minute, MaxIdle: 4,
	}
	base := &http.Transport{}
	base.RegisterProtocol("http", plain)
	t.Cleanup(func() { base.CloseIdleConnections(); plain.CloseIdleConnections() })
	return &http.Client{Transport: base}, plain
}

func get(c *http.Client, url string) (string, error) {
	resp, err := c.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return fmt.Sprintf("%d %s", resp.StatusCode, body), err
}

func sized(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// TestConnections checks which connection each of several requests uses: the first
// number of the reply. A server that breaks the protocol loses its connection.
func TestConnections(t *testing.T) {
	chunked := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n%d\r\n0\r\n\r\n"
	for name, tt := range map[string]struct {
		answer func(conn, request int) (string, bool)
		want   []string
	}{
		"kept": {func(n, i int) (string, bool) {
			return sized(fmt.Sprint(n, i)), false
		}, []string{"200 1 1", "200 1 2", "200 1 3"}},
		"chunked": {func(n, _ int) (string, bool) {
			return fmt.Sprintf(chunked, n), false
		}, []string{"200 1", "200 1", "200 1"}},
		"no body": {func(n, _ int) (string, bool) {
			return fmt.Sprintf("HTTP/1.1 %d None\r\n\r\n", 203+n), false
		}, []string{"204 ", "204 "}},
		"close": {func(n, _ int) (string, bool) {
			reply := sized(fmt.Sprint(n))
			return strings.Replace(reply, "\r\n", "\r\nConnection: close\r\n", 1), false
		}, []string{"200 1", "200 2"}},
		"no length": {func(n, _ int) (string, bool) {
			return fmt.Sprintf("HTTP/1.1 200 OK\r\n\r\n%d", n), true
		}, []string{"200 1", "200 2"}},
		"interim": {func(n, _ int) (string, bool) {
			hints := strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 32)
			return hints + sized(fmt.Sprint(n)), false
		}, []string{"200 1", "200 1"}},
		"left over": {func(n, _ int) (string, bool) {
			return sized(fmt.Sprint(n)) + sized("forged"), false
		}, []string{"200 1", "200 2"}},
		"closed while idle": {func(n, _ int) (string, bool) {
			return sized(fmt.Sprint(n)), n == 1
		}, []string{"200 1", "200 2", "200 2"}},
		"dies instead of the second answer": {func(n, i int) (string, bool) {
			if n == 1 && i == 2 {
				return "", true
			}
			return sized(fmt.Sprint(n, i)), false
		}, []string{"200 1 1", "200 2 1", "200 2 2"}},
		"upgraded": {func(n, _ int) (string, bool) {
			return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", false
		}, []string{"101 ", "101 "}},
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int64
			url := server(t, func(n, i int) (string, bool) {
				connections.Store(int64(n))
				return tt.answer(n, i)
			})
			c, _ := client(t)
			for i, want := range tt.want {
				if got, err := get(c, url); got != want || err != nil {
					t.Errorf("request %d: %q, %v; want %q", i, got, err, want)
				}
			}
			if n := connections.Load(); name == "upgraded" && n != 2 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// TestFailures checks that each failure is reported by its cause, and that a
// request on a new connection is not repeated.
func TestFailures(t *testing.T) {
	for name, tt := range map[string]struct{ reply, want string }{
		"nothing":     {"", "EOF"},
		"cut headers": {"HTTP/1.1 200 OK\r\nContent-Le", "unexpected EOF"},
		"cut body":    {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1", "unexpected EOF"},
		"no HTTP":     {"SSH-2.0-x\r\n\r\n", "malformed"},
		"long headers": {
			"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 9<<10),
			"response headers of more than 8192 bytes",
		},
		"many interims": {
			strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 33) + sized("x"),
			"more than 32 interim responses",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			url := server(t, func(int, int) (string, bool) {
				requests.Add(1)
				return tt.reply, true
			})
			c, _ := client(t)
			if _, err := get(c, url); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want %s", err, tt.want)
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestHeaderTimeout lets a request on a reused connection time out. A timeout is no
// reason to send the request again.
func TestHeaderTimeout(t *testing.T) {
	hold := make(chan struct{})
	var requests atomic.Int64
	url := server(t, func(_, i int) (string, bool) {
		if requests.Add(1); i == 2 {
			<-hold
		}
		return sized("x"), false
	})
	defer close(hold)
	c, plain := client(t)
	if _, err := get(c, url); err != nil {
		t.Fatal(err)
	}
	plain.HeaderTimeout = 10 * time.Millisecond
	if _, err := get(c, url); !errors.Is(err, os.ErrDeadlineExceeded) || requests.Load() != 2 {
		t.Errorf("%v after %d requests", err, requests.Load())
	}
}

// TestSlowHeaders checks that the timeout also holds when part of the headers has
// arrived.
func TestSlowHeaders(t *testing.T) {
	for _, begun := range []string{"HT", "HTTP/1.1 200 OK\r\nCont"} {
		url := server(t, func(int, int) (string, bool) { return begun, false })
		c, plain := client(t)
		plain.HeaderTimeout = 10 * time.Millisecond
		if _, err := get(c, url); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%v", err)
		}
	}
}

// TestCanceled cancels one request before its headers and one in its body. It also
// checks that closing a body ends a read that is waiting.
func TestCanceled(t *testing.T) {
	hold := make(chan struct{})
	asked := make(chan struct{}, 3)
	silent := server(t, func(int, int) (string, bool) {
		asked <- struct{}{}
		<-hold
		return "", true
	})
	begun := "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"
	stuck := server(t, func(n, i int) (string, bool) { return begun, false })
	defer close(hold)
	c, plain := client(t)
	cause := errors.New("enough")

	ctx, cancel := context.WithCancelCause(t.Context())
	go func() { <-asked; cancel(cause) }()
	req, _ := http.NewRequestWithContext(ctx, "GET", silent, nil)
	if _, err := c.Do(req); !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}

	ctx, cancel = context.WithCancelCause(t.Context())
	req, _ = http.NewRequestWithContext(ctx, "GET", stuck, nil)
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	cancel(cause)
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, cause) {
		t.Errorf("%v", err)
	}

	ctx, cancel = context.WithCancelCause(t.Context())
	cancel(cause)
	req, _ = http.NewRequestWithContext(ctx, "GET", stuck, nil)
	if _, err := plain.RoundTrip(req); !errors.Is(err, cause) {
		t.Errorf("before the connection: %v", err)
	}

	if resp, err = c.Get(stuck); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(time.Millisecond, func() { resp.Body.Close() })
	if _, err := io.ReadAll(resp.Body); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
}

// TestNoReplayAfterTheEnd interrupts a request on a connection that was used before. It is
// not sent again, and fails with the cause.
func TestNoReplayAfterTheEnd(t *testing.T) {
	asked := make(chan int, 3)
	hold := make(chan struct{})
	url := server(t, func(n, i int) (string, bool) {
		asked <- n
		if i > 1 {
			<-hold
		}
		return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false
	})
	defer close(hold)
	_, plain := client(t)
	dials := 0
	dial := plain.Dial
	plain.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return dial(ctx, network, address)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	for n := range 2 {
		req, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
		if n == 1 {
			go func() { <-asked; cancel(cause) }()
		}
		resp, err := plain.RoundTrip(req)
		if n == 1 {
			if !errors.Is(err, cause) {
				t.Errorf("%v", err)
			}
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		<-asked
	}
	if dials != 1 {
		t.Errorf("%d connections, want 1", dials)
	}
}

// TestIdle checks that the pool keeps at most MaxIdle connections, and none for
// longer than IdleTimeout.
func TestIdle(t *testing.T) {
	url := server(t, func(int, int) (string, bool) { return sized("x"), false })
	c, plain := client(t)
	reused := 0
	plain.Got = func(_ context.Context, _ net.Conn, again bool) {
		if again {
			reused++
		}
	}
	ask := func(t *testing.T) io.ReadCloser {
		resp, err := c.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		return resp.Body
	}
	wave := func(t *testing.T) {
		reused = 0
		var bodies []io.ReadCloser
		for range 6 {
			bodies = append(bodies, ask(t))
		}
		for _, b := range bodies {
			io.Copy(io.Discard, b)
			b.Close()
		}
	}
	wave(t)
	if wave(t); reused != plain.MaxIdle {
		t.Errorf("%d connections were kept, want %d", reused, plain.MaxIdle)
	}
	plain.IdleTimeout = 0
	if wave(t); reused != 0 {
		t.Errorf("%d connections were reused after IdleTimeout", reused)
	}
}

// TestLeftToNetHTTP sends requests that are not for this transport.
func TestLeftToNetHTTP(t *testing.T) {
	_, plain := client(t)
	plain.Proxied = func(r *http.Request) bool { return r.URL.Path == "/proxied" }
	for _, url := range []string{"http://bücher.test/", "http:///x", "http://a.test/proxied"} {
		req, err := http.NewRequest("GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plain.RoundTrip(req); err != http.ErrSkipAltProtocol {
			t.Errorf("%s: %v", url, err)
		}
	}
}
