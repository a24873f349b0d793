package testserver

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// line is a connection for the bytes that a fault wants on it. It is the
// outlet of an HTTP/1 response, and what faults of connections play on.
type line struct {
	ctx     context.Context
	conn    net.Conn
	buf     *bufio.Writer // keeps the end of a response until it is in the ledger
	release func() bool
	over    time.Time

	status  int
	planned int64
	sent    int64 // since the header
	inBody  bool
	err     error
}

// newLine makes a connection a line, which ends with ctx.
func newLine(ctx context.Context, c net.Conn) *line {
	l := &line{
		ctx:     ctx,
		conn:    c,
		buf:     bufio.NewWriterSize(c, 64<<10),
		release: context.AfterFunc(ctx, func() { under(c).Close() }),
		over:    time.Now().Add(maxPlay),
	}
	c.SetDeadline(l.over)
	return l
}

// takeOver takes a connection from net/http, to answer with a body of size
// bytes if the fault does not say otherwise.
func takeOver(w *wire, size int64) (*line, error) {
	c, _, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, err
	}
	l := newLine(w.ctx, c)
	l.planned = size
	return l, nil
}

// head sends a header of any form: a status line and fields.
func (l *line) head(status string, fields ...string) {
	l.raw(status + "\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n")
	if code := strings.Fields(status); len(code) > 1 {
		l.status, _ = strconv.Atoi(code[1])
	}
	l.inBody = true
}

// ok sends the header of an image, with more fields.
func (l *line) ok(sc *scene, more ...string) {
	for _, f := range sc.whole.fields {
		more = append(more, f.key+": "+f.value)
	}
	l.head("HTTP/1.1 200 OK", more...)
}

// raw sends text that does not count as body.
func (l *line) raw(text string) {
	if l.err == nil {
		_, l.err = l.buf.WriteString(text)
	}
}

func (l *line) begin(status int, fields []field) {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = f.key + ": " + f.value
		if n, err := strconv.ParseInt(f.value, 10, 64); err == nil && f.key == "Content-Length" {
			l.planned = n
		}
	}
	l.head("HTTP/1.1 "+itoa(status)+" "+http.StatusText(status), lines...)
}

// Write sends a part of the body.
func (l *line) Write(p []byte) (int, error) {
	n := 0
	if l.err == nil {
		n, l.err = l.buf.Write(p)
	}
	if l.inBody {
		l.sent += int64(n)
	}
	return n, l.err
}

func (l *line) flush() {
	if l.err == nil {
		l.err = l.buf.Flush()
	}
}

// pause waits by reading, which is how it notices that the client goes.
func (l *line) pause(d time.Duration) bool {
	l.flush()
	until := time.Now().Add(d)
	if until.After(l.over) {
		until = l.over
	}
	l.conn.SetReadDeadline(until)
	if l.err == nil {
		_, l.err = io.Copy(io.Discard, l.conn)
		if errors.Is(l.err, os.ErrDeadlineExceeded) {
			l.err = nil
		} else if l.err == nil {
			l.err = io.EOF
		}
	}
	return l.err == nil && until.Before(l.over)
}

// wait returns when the client sends something, false if it goes instead.
func (l *line) wait() bool {
	l.flush()
	l.conn.SetReadDeadline(l.over)
	if l.err == nil {
		_, l.err = l.conn.Read(make([]byte, 1))
	}
	return l.err == nil
}

// finish sends what is left and ends the connection.
func (l *line) finish(end ending) {
	defer l.release()
	l.flush()
	switch end {
	case endHold:
		l.pause(maxPlay)
		l.conn.Close()
	case endStale:
		l.wait()
		fallthrough
	case endReset:
		if c, ok := under(l.conn).(*net.TCPConn); ok {
			c.SetLinger(0)
		}
		under(l.conn).Close()
	case endBare:
		under(l.conn).Close()
	default:
		l.conn.Close()
	}
}

// under returns the connection below TLS and below what was read already.
func under(c net.Conn) net.Conn {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if c, ok := c.(*conn); ok {
		return c.Conn
	}
	return c
}
