package outlet

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"grab/testserver/reply"
)

// Conn is a connection for raw bytes. It is the Writer of HTTP/1, and faults of
// connections write on it.
type Conn struct {
	Net net.Conn

	Status  int   // of the response
	Planned int64 // bytes of the body
	Sent    int64 // bytes written by Write since the header
	InBody  bool  // the header was sent
	Err     error // the first failure

	ctx     context.Context
	buf     *bufio.Writer // holds the end of a response until the ledger has it
	release func() bool
	over    time.Time
}

// NewConn returns a Conn that writes on c. It is closed when ctx ends.
func NewConn(ctx context.Context, c net.Conn) *Conn {
	conn := &Conn{
		Net:     c,
		ctx:     ctx,
		buf:     bufio.NewWriterSize(c, 64<<10),
		release: context.AfterFunc(ctx, func() { Below(c).Close() }),
		over:    time.Now().Add(MaxPlay),
	}
	c.SetDeadline(conn.over)
	return conn
}

// Below returns a Conn that writes below TLS, which does not notice. Call its
// Release, not its Finish.
func (c *Conn) Below() *Conn { return NewConn(c.ctx, Below(c.Net)) }

// Release lets go of the connection without ending it.
func (c *Conn) Release() { c.release() }

// Head sends a header of any form: a status line and fields.
func (c *Conn) Head(status string, fields ...string) {
	c.Raw(status + "\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n")
	if code := strings.Fields(status); len(code) > 1 {
		c.Status, _ = strconv.Atoi(code[1])
	}
	c.InBody = true
}

// Raw sends text that does not count as body.
func (c *Conn) Raw(text string) {
	if c.Err == nil {
		_, c.Err = c.buf.WriteString(text)
	}
}

// Begin implements Writer.
func (c *Conn) Begin(status int, fields []reply.Field) {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = f.Key + ": " + f.Value
		n, err := strconv.ParseInt(f.Value, 10, 64)
		if err == nil && f.Key == "Content-Length" {
			c.Planned = n
		}
	}
	c.Head("HTTP/1.1 "+strconv.Itoa(status)+" "+http.StatusText(status), lines...)
}

// Write sends a part of the body.
func (c *Conn) Write(p []byte) (int, error) {
	n := 0
	if c.Err == nil {
		n, c.Err = c.buf.Write(p)
	}
	if c.InBody {
		c.Sent += int64(n)
	}
	return n, c.Err
}

// Flush implements Writer.
func (c *Conn) Flush() {
	if c.Err == nil {
		c.Err = c.buf.Flush()
	}
}

// Pause implements Writer. It waits by reading, to notice when the client goes
// away.
func (c *Conn) Pause(d time.Duration) bool {
	c.Flush()
	until := time.Now().Add(d)
	if until.After(c.over) {
		until = c.over
	}
	c.Net.SetReadDeadline(until)
	if c.Err == nil {
		_, c.Err = io.Copy(io.Discard, c.Net)
		if errors.Is(c.Err, os.ErrDeadlineExceeded) {
			c.Err = nil
		} else if c.Err == nil {
			c.Err = io.EOF
		}
	}
	return c.Err == nil && until.Before(c.over)
}

// Wait returns when the client sends something, or false when it goes away
// instead.
func (c *Conn) Wait() bool {
	c.Flush()
	c.Net.SetReadDeadline(c.over)
	if c.Err == nil {
		_, c.Err = c.Net.Read(make([]byte, 1))
	}
	return c.Err == nil
}

// Finish sends what is left in the buffer and ends the connection.
func (c *Conn) Finish(end Ending) {
	defer c.release()
	c.Flush()
	switch end {
	case EndHold:
		c.Pause(MaxPlay)
		c.Net.Close()
	case EndResetOnUse:
		c.Wait()
		fallthrough
	case EndReset:
		if tcp, ok := Below(c.Net).(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		Below(c.Net).Close()
	case EndBare:
		Below(c.Net).Close()
	default:
		c.Net.Close()
	}
}

// Below returns the connection below TLS and every other layer.
func Below(c net.Conn) net.Conn {
	for {
		layer, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return c
		}
		c = layer.NetConn()
	}
}
