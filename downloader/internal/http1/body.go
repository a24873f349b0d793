package http1

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// ErrSurplus says that a server sent bytes on a used connection that belong to no
// request. The response that came with them may belong to another request (RFC 9112
// section 9.2). The last Read of a body returns it in place of [io.EOF], and so does
// Close after the last Read.
var ErrSurplus = errors.New("the connection carried bytes that nobody asked for")

// body is the body of a response. When it is closed after its end, the connection
// goes back to the pool.
type body struct {
	content  io.Reader // &sized, or a body that net/http parses
	sized    sizedBody
	conn     *conn
	ctx      context.Context // the request's; when it ends, the body fails
	stop     func() bool     // stops watching ctx
	reusable bool            // the response lets the connection stay open
	state    atomic.Int32    // one of the states below

	pool    *pool // where the connection goes in the end
	maxIdle int
	maxAge  time.Duration
}

// The states of a body.
const (
	open     = iota
	ended    // read to its end; the connection may be reused
	released // the connection is closed
	returned // closed after its end; the connection may be another request's by now
)

// Read implements [io.Reader].
func (b *body) Read(p []byte) (int, error) {
	if b.state.Load() == returned { // go-retryablehttp reads after Close, to drain the body
		return 0, io.EOF
	}
	n, err := b.content.Read(p)
	switch {
	case err == nil:
	case err == io.EOF:
		err = b.end()
	default:
		b.release()
		err = causeOr(b.ctx, err)
	}
	return n, err
}

// end ends a body that was read completely. On a new connection surplus bytes are
// no reason to doubt the response. They cost the connection.
func (b *body) end() error {
	if b.sized.surplus || b.conn.reader.Buffered() > 0 {
		bytes, _ := b.conn.reader.Peek(b.conn.reader.Buffered())
		if b.sized.surplus {
			bytes = append([]byte{b.sized.extra}, bytes...)
		}
		if sightOf(bytes) == talking {
			b.pool.distrust(b.conn.target)
		}
		b.release()
		if b.conn.reused {
			return ErrSurplus
		}
		return io.EOF
	}
	if b.reusable {
		b.state.CompareAndSwap(open, ended)
	} else {
		b.release()
	}
	return io.EOF
}

// release closes the connection. Another goroutine may be reading from it.
func (b *body) release() {
	if b.state.CompareAndSwap(open, released) || b.state.CompareAndSwap(ended, released) {
		b.stop()
		b.conn.raw.Close()
	}
}

// Close gives the connection up. If the body was not read to its end, Close does not
// wait for the rest: it closes the connection, also while another goroutine reads
// from it. Otherwise it looks at a used connection once more, now that the caller has
// done with the body: if anything has followed, it returns [ErrSurplus]. It waits for a
// moment if there is reason for doubt.
func (b *body) Close() error {
	if !b.state.CompareAndSwap(ended, returned) {
		b.release()
		return nil
	}
	c := b.conn
	if !b.stop() { // the context has ended, and is closing the connection
		c.raw.Close()
		return nil
	}
	if c.reused {
		if seen := c.settle(); seen != quiet {
			c.raw.Close()
			if seen == talking {
				b.pool.distrust(c.target)
				return ErrSurplus
			}
			return nil
		}
	}
	c.reused = true
	b.pool.put(c, b.maxIdle, b.maxAge)
	return nil
}

// Break closes the connection, whatever the state of the body.
func (b *body) Break() { b.release() }

// causeOr returns the cause of ctx's end if ctx has ended, since that closes the
// connection. Otherwise it returns err.
func causeOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
