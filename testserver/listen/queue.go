package listen

import (
	"context"
	"crypto/tls"
	"net"
)

// Queue is the net.Listener of an http.Server that others accept for.
type Queue struct {
	addr  net.Addr
	conns chan net.Conn
	ctx   context.Context
	stop  context.CancelFunc
}

// NewQueue returns a queue that is closed when ctx ends.
func NewQueue(ctx context.Context, addr net.Addr) *Queue {
	ctx, stop := context.WithCancel(ctx)
	return &Queue{addr: addr, conns: make(chan net.Conn), ctx: ctx, stop: stop}
}

// Put hands a connection to the next Accept. It closes the connection if the queue
// is closed.
func (q *Queue) Put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.ctx.Done():
		c.Close()
	}
}

// Accept implements net.Listener.
func (q *Queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.ctx.Done():
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (q *Queue) Close() error {
	q.stop()
	return nil
}

// Addr implements net.Listener.
func (q *Queue) Addr() net.Addr { return q.addr }

// TLSQueue is a queue whose connections speak TLS. Those that are no *tls.Conn yet
// are made one.
type TLSQueue struct {
	*Queue
	Config *tls.Config
}

// Accept implements net.Listener.
func (q TLSQueue) Accept() (net.Conn, error) {
	c, err := q.Queue.Accept()
	if _, done := c.(*tls.Conn); err != nil || done {
		return c, err
	}
	return tls.Server(c, q.Config), nil
}
