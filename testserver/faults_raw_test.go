package testserver

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// dialAsk sends a request and returns the connection.
func dialAsk(t testing.TB, addr, uri string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x.test\r\n\r\n", uri)
	return c
}

// TestBytesOnTheWire checks bytes that an HTTP client does not show.
func TestBytesOnTheWire(t *testing.T) {
	s := start(t, Options{})
	whole, _ := Image("/image/7.jpg", 0)
	n := len(whole)
	for uri, want := range map[string]string{
		"a03/image/7.jpg?at=5":               "\r\n\r\n5\r\n" + string(whole[:5]) + "\r\n$",
		"a04/image/7.jpg":                    "\r\n0\r\n$",
		"a04/image/7.jpg?kind=field":         "0\r\nX-Trailer: cut\r\n$",
		"a08/image/7.jpg":                    string(whole[n-9:]) + "and a little more\n",
		"a09/image/7.jpg":                    string(whole[n-9:]) + "HTTP/1.1 200 OK\r\n",
		"a10/image/7.jpg?at=5":               fmt.Sprintf("Content-Length: 5\r\nContent-Length: %d\r\n", n),
		"a11/image/7.jpg":                    fmt.Sprintf("Content-Length: %d, %d\r\n", n, n),
		"a12/image/7.jpg?kind=plus":          fmt.Sprintf("Content-Length: +%d\r\n", n),
		"a12/image/7.jpg?kind=empty":         "Content-Length: \r\n",
		"a14/image/7.jpg?kind=twice":         "Transfer-Encoding: chunked, chunked\r\n",
		"a15/image/7.jpg?kind=prefix":        fmt.Sprintf("\r\n0x%x\r\n", n),
		"a16/image/7.jpg":                    "\r\n1;x=yyyy",
		"a19/image/7.jpg":                    string(whole) + "$",
		"a19-tls/image/7.jpg":                "\x15\x03\x01\x00\x02",
		"a20/image/7.jpg?kind=letters":       "HTTP/1.1 abc OK\r\n",
		"a20-no-reason/image/7.jpg":          "HTTP/1.1 200\r\n",
		"a21/image/7.jpg":                    "$",
		"a22/image/7.jpg?kind=nul":           "a\x00b\r\n",
		"a24/image/7.jpg?status=102":         "HTTP/1.1 102 Processing\r\n",
		"a25/image/7.jpg":                    "HTTP/1.1 103 Early Hints\r\n",
		"a94/image/7.jpg":                    "Retry-After: 86400\r\n",
		"a95-retry-twice/image/7.jpg":        "Retry-After: 1\r\nRetry-After: 86400\r\n",
		"a140/image/7.jpg?name=/etc/x":       `filename="/etc/x"`,
		"a143-raw-controls/image/7.jpg":      "a\x00b\x1b[31m\tc.jpg",
		"a144/image/7.jpg":                   "a\xff\xfe\xc3.jpg",
		"a166/image/7.jpg":                   "HTTP/1.1 404 \x1b]0;owned\x07",
		"a167/image/7.jpg":                   "%0d%0a%7b",
		"a01/image/7.jpg?at=5&bytes=300000":  "Content-Length: 300000\r\n",
		"a111-shrinks/image/7.jpg?at=5&w=99": "HTTP/1.1 200 OK\r\n",
	} {
		c := dialAsk(t, s.Addr(), "/fault/"+uri)
		tail, end := strings.CutSuffix(want, "$")
		got := readUntil(t, c, tail, end)
		if !strings.Contains(got, tail) || end && !strings.HasSuffix(got, tail) {
			t.Errorf("%s: no %.80q in %.300q", uri, want, got)
		}
		c.Close()
	}
}

// readUntil reads until it has seen text, or until the end of the connection.
func readUntil(t testing.TB, c net.Conn, text string, end bool) string {
	t.Helper()
	var b strings.Builder
	buf := make([]byte, 4<<10)
	for {
		n, err := c.Read(buf)
		b.Write(buf[:n])
		if err != nil && err != io.EOF {
			t.Errorf("read: %v", err)
		}
		if err != nil || !end && strings.Contains(b.String(), text) || b.Len() > 1<<20 {
			return b.String()
		}
	}
}

func TestReuseIsAnswered(t *testing.T) {
	s := start(t, Options{})
	c := dialAsk(t, s.Addr(), "/fault/a45-reuse/image/7.jpg")
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, resp.Body, resp.ContentLength/2); err != nil {
		t.Fatal(err)
	}
	io.WriteString(c, "GET / HTTP/1.1\r\n\r\n")
	if got := readUntil(t, c, "HTTP/1.1 200 OK", false); !strings.Contains(got, "HTTP/1.1 200 OK") {
		t.Errorf("the second answer is %.80q", got)
	}
}

func TestIdleConnectionIsReset(t *testing.T) {
	s := start(t, Options{})
	c := dialAsk(t, s.Addr(), "/fault/a43-idle-close/image/7.jpg")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	if l := s.Ledger(); l.Total != 1 || l.Requests[0].Fault != "a43-idle-close" {
		t.Errorf("ledger %+v", l)
	}
	io.WriteString(c, "GET / HTTP/1.1\r\n\r\n")
	if n, err := c.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes", n)
	}
}
