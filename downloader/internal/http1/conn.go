package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/textproto"
	"sync/atomic"
	"time"
)

// bufferSize is for headers: most of a body is read past the buffer, to where it
// is wanted.
const bufferSize = 4 << 10

// conn is a connection, which has one request at a time.
type conn struct {
	transport *Transport
	raw       net.Conn
	quiet     *quietness
	address   string
	reader    *bufio.Reader // of conn
	request   []byte        // the last one's bytes, to be used again
	headers   int64         // bytes that may still be read
	silent    bool          // no byte of the response has come
	failure   error         // of the last read
	reused    bool          // not the connection's first request
	idleSince time.Time
}

func newConn(t *Transport, raw net.Conn, address string) *conn {
	c := &conn{transport: t, raw: raw, address: address, quiet: newQuietness(raw)}
	c.reader = bufio.NewReaderSize(c, bufferSize)
	return c
}

// Read reads from the network, within the limit of the headers.
func (c *conn) Read(p []byte) (int, error) {
	if c.headers <= 0 {
		return 0, headerLimitError(c.transport.MaxHeaderBytes)
	}
	if int64(len(p)) > c.headers {
		p = p[:c.headers]
	}
	n, err := c.raw.Read(p)
	c.headers -= int64(n)
	c.failure = err
	return n, err
}

// exchange sends a request and returns its response, whose body then has the
// connection. After an error, the connection is closed.
func (c *conn) exchange(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	stop := context.AfterFunc(ctx, func() { c.raw.Close() })
	resp, err := c.ask(req)
	if err != nil {
		stop()
		c.raw.Close()
		return nil, reason(ctx, err)
	}
	body := &body{frames: resp.Body, conn: c, ctx: ctx, stop: stop}
	body.keep = !resp.Close && resp.StatusCode != http.StatusSwitchingProtocols
	switch resp.Body {
	case http.NoBody:
		body.release(nil)
		return resp, nil
	case nil:
		body.sized = sized{reader: c.reader, left: resp.ContentLength}
		body.frames = &body.sized
	}
	resp.Body = body
	return resp, nil
}

// ask sends a request and reads the headers of its response. A response without
// a body is of [plainResponse].
func (c *conn) ask(req *http.Request) (*http.Response, error) {
	c.silent, c.headers = true, c.transport.MaxHeaderBytes
	if err := c.raw.SetDeadline(time.Now().Add(c.transport.HeaderTimeout)); err != nil {
		return nil, err
	}
	if err := c.send(req); err != nil {
		return nil, err
	}
	if _, err := c.reader.Peek(1); err != nil {
		return nil, err
	}
	c.silent = false
	resp, err := plainResponse(c.reader, req), error(nil)
	if resp == nil {
		resp, err = http.ReadResponse(c.reader, req)
	}
	for interim := 0; err == nil && resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols; interim++ {
		if interim == maxInterim {
			return nil, errors.New("more than 32 interim responses")
		}
		resp, err = http.ReadResponse(c.reader, req)
	}
	if err != nil {
		return nil, c.cause(err)
	}
	c.headers = math.MaxInt64
	_ = c.raw.SetDeadline(time.Time{}) // fails if the connection is closed, as reading the body will
	return resp, nil
}

// send writes a request.
func (c *conn) send(req *http.Request) (err error) {
	var plain bool
	if c.request, plain = appendRequest(c.request[:0], req); plain {
		_, err = c.raw.Write(c.request)
		return err
	}
	w := bufio.NewWriterSize(c.raw, bufferSize)
	if err = req.Write(w); err != nil {
		return err
	}
	return w.Flush()
}

// cause returns why a response could not be parsed. A line that is cut looks
// malformed.
func (c *conn) cause(err error) error {
	_, malformed := errors.AsType[textproto.ProtocolError](err)
	switch {
	case c.failure != nil && c.failure != io.EOF:
		return c.failure
	case malformed && c.failure == io.EOF:
		return io.ErrUnexpectedEOF
	}
	return err
}

// reason returns why an exchange failed: the end of ctx, which closed the
// connection, or err.
func reason(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// body is a response's body. At its end the connection goes back to the pool.
type body struct {
	frames   io.Reader // sized, or of net/http: lengths and chunks
	sized    sized
	conn     *conn
	ctx      context.Context // the request's, whose end ends the body
	stop     func() bool     // the watch on ctx
	keep     bool            // the connection can be used again
	released atomic.Bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.frames.Read(p)
	if err != nil {
		b.release(err)
		if err != io.EOF {
			err = reason(b.ctx, err)
		}
	}
	return n, err
}

// Close ends the body, also while another goroutine reads. What was not read is
// not waited for: the connection is closed.
func (b *body) Close() error {
	b.release(net.ErrClosed)
	return nil
}

// release gives the connection up, once. It is used again only if the response
// has ended as it should, and nobody can have more to say on it: what a server
// sends before it is asked would be taken for the next answer (RFC 9112 section
// 9.2).
func (b *body) release(err error) {
	if !b.released.CompareAndSwap(false, true) {
		return
	}
	if b.stop() && (err == nil || err == io.EOF) && b.keep && !b.sized.surplus && b.conn.reader.Buffered() == 0 {
		b.conn.transport.put(b.conn)
	} else {
		b.conn.raw.Close()
	}
}
