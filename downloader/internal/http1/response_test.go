package http1

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// TestPlainResponses lists responses, and which of them net/http has to read.
func TestPlainResponses(t *testing.T) {
	const ok, one = "HTTP/1.1 200 OK\r\n", "Content-Length: 1\r\n"
	for wire, want := range map[string]string{
		ok + one + "\r\nx":                                 "200 OK 1 map[Content-Length:[1]]",
		ok + one + "\r\n":                                  "200 OK 1 map[Content-Length:[1]]",
		"HTTP/1.1 200 \r\n" + one + "\r\n":                 "200  1 map[Content-Length:[1]]",
		"HTTP/1.1 200 ~!\t\r\n" + one + "\r\n":             "200 ~!\t 1 map[Content-Length:[1]]",
		ok + "content-length:\t12 \r\n\r\n":                "200 OK 12 map[Content-Length:[12]]",
		ok + one + "a: \r\nA:2\r\nb: c:d\r\n\r\n":          "200 OK 1 map[A:[ 2] B:[c:d] Content-Length:[1]]",
		ok + one + "Connection: Keep-Alive\r\n\r\n":        "200 OK 1 map[Connection:[Keep-Alive] Content-Length:[1]]",
		ok + one + "a: ~ \t!\r\n\r\n":                      "200 OK 1 map[A:[~ \t!] Content-Length:[1]]",
		ok + "Content-Length: 4611686018427387903\r\n\r\n": "200 OK 4611686018427387903 map[Content-Length:[4611686018427387903]]",

		ok + one: "", ok + one + "\r": "", ok + "\r\n": "", ok + "Content-Length: 0\r\n\r\n": "", ok + "Content-Length: -1\r\n\r\n": "", ok + "Content-Length: 4611686018427387904\r\n\r\n": "", ok + one + one + "\r\n": "",
		"HTTP/1.0 200 OK\r\n" + one + "\r\n": "", "HTTP/1.1 201 OK\r\n" + one + "\r\n": "", "HTTP/1.1 2000 OK\r\n" + one + "\r\n": "", "HTTP/1.1 200\r\n" + one + "\r\n": "", "HTTP/1.1 200 \x1f\r\n" + one + "\r\n": "", "HTTP/1.1 200 \x7f\r\n" + one + "\r\n": "",
		ok + one + "Connection: close\r\n\r\n": "", ok + one + "Transfer-Encoding: identity\r\n\r\n": "", ok + one + "Trailer: x\r\n\r\n": "", ok + one + "Pragma: x\r\n\r\n": "",
		ok + one + ": x\r\n\r\n": "", ok + one + "a b: x\r\n\r\n": "", ok + one + "a\r\n\r\n": "", ok + one + "a: b\r\n c\r\n\r\n": "", ok + one + "a: \x7f\r\n\r\n": "", ok + one + "a: \x1f\r\n\r\n": "", ok + one + "a: \x80\r\n\r\n": "", ok + one + "a: b\nc: d\r\n\r\n": "",
	} {
		in := bufio.NewReaderSize(strings.NewReader(wire), bufferSize)
		_, _ = in.Peek(1)
		got := ""
		req := &http.Request{}
		if resp := plainResponse(in, req); resp != nil {
			got = fmt.Sprint(resp.Status, " ", resp.ContentLength, " ", resp.Header)
			if resp.Proto != "HTTP/1.1" || resp.ProtoMajor != 1 || resp.ProtoMinor != 1 || resp.StatusCode != 200 || resp.Request != req || resp.Body != nil {
				t.Errorf("%q: %+v", wire, resp)
			}
		}
		rest := wire
		if got != "" {
			_, rest, _ = strings.Cut(wire, "\r\n\r\n")
		}
		if left, _ := io.ReadAll(in); got != want || string(left) != rest {
			t.Errorf("%q: %q, and %q is left; want %q", wire, got, left, want)
		}
	}
}

// TestSizedBody reads bodies with buffers that end before, at and after their ends.
func TestSizedBody(t *testing.T) {
	for _, c := range []struct {
		wire  string
		left  int64
		space int
		want  string // the body, the end, surplus, what is left on the wire
	}{
		{"abc", 3, 2, "abc EOF false "}, {"abc", 3, 3, "abc EOF false "}, {"abc", 3, 4, "abc EOF false "},
		{"abcd", 3, 2, "abc EOF true "}, {"abcd", 3, 3, "abc EOF false d"}, {"abcd", 3, 4, "abc EOF true "}, {"abcde", 3, 9, "abc EOF true e"},
		{"ab", 3, 9, "ab unexpected EOF false "}, {"", 1, 1, " unexpected EOF false "}, {"x", 0, 1, " EOF false x"},
	} {
		in := bufio.NewReader(strings.NewReader(c.wire))
		s := &sizedBody{reader: in, left: c.left}
		var text []byte
		var err error
		for err == nil {
			p := make([]byte, c.space)
			var n int
			n, err = s.Read(p)
			text = append(text, p[:n]...)
		}
		rest, _ := io.ReadAll(in)
		if got := fmt.Sprint(string(text), " ", err, " ", s.surplus, " ", string(rest)); got != c.want || s.surplus && s.extra != 'd' {
			t.Errorf("%+v: %s", c, got)
		}
	}
	broken := errors.New("broken")
	s := &sizedBody{reader: bufio.NewReader(iotest.ErrReader(broken)), left: 1}
	if n, err := s.Read(make([]byte, 8)); n != 0 || err != broken {
		t.Errorf("%d, %v", n, err)
	}
}

// TestInterim has as many responses before the final one as there may be, and one more.
func TestInterim(t *testing.T) {
	const final = "HTTP/1.1 204 No Content\r\n\r\n"
	for _, c := range []struct {
		wire, want string
	}{
		{strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 32) + final, "204"},
		{strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 33) + final, "more than 32 interim responses"},
		{"HTTP/1.1 199 x\r\n\r\n" + final, "204"}, {"HTTP/1.1 200 x\r\n\r\n" + final, "200"}, {"HTTP/1.1 101 x\r\n\r\n" + final, "101"},
		{"HTTP/1.1 2", "unexpected EOF"}, {"HTTP/1.1 ", "unexpected EOF"}, {"HTTP/1.1", "unexpected EOF"}, {"H", "unexpected EOF"},
		{"HTTP/1.1 2\r\n", `malformed HTTP status code "2"`}, {"HTTP\r\n", `malformed HTTP response "HTTP"`},
		{"\x15\x03\x01", `malformed HTTP response "\x15\x03\x01"`}, {"", "unexpected EOF"}, {"x\r\n\r\n", `malformed HTTP response "x"`},
		{"HTTP/1.1 200 OK\r\na", "unexpected EOF"},
	} {
		ours, theirs := net.Pipe()
		go func() {
			_, _ = io.WriteString(theirs, c.wire)
			_ = theirs.Close()
		}()
		conn := &conn{raw: ours, headersLeft: 1 << 20}
		conn.reader = bufio.NewReaderSize(conn, bufferSize)
		resp, err := conn.headers(&http.Request{Method: http.MethodGet})
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprint(resp.StatusCode)
		}
		if got != c.want {
			t.Errorf("%.60q: %s, want %s", c.wire, got, c.want)
		}
		_ = ours.Close()
		_, _ = io.Copy(io.Discard, theirs)
	}
}

// TestHeaderLimit reads as many bytes as headers may have, and not one more.
func TestHeaderLimit(t *testing.T) {
	for _, limit := range []int64{1, 7, 8} {
		ours, theirs := net.Pipe()
		go func() {
			_, _ = io.WriteString(theirs, "12345678")
			_ = theirs.Close()
		}()
		c := &conn{raw: ours, headerLimit: limit, headersLeft: limit}
		n, err := io.ReadFull(c, make([]byte, limit))
		if n != int(limit) || err != nil || c.headersLeft != 0 {
			t.Errorf("%d of %d bytes, %v, %d left", n, limit, err, c.headersLeft)
		}
		if n, err = c.Read(make([]byte, 1)); n != 0 || err == nil || err.Error() != fmt.Sprintf("response headers of more than %d bytes", limit) {
			t.Errorf("after %d: %d, %v", limit, n, err)
		}
		_ = ours.Close()
	}
}
