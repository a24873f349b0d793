package testserver

import (
	"context"
	"net"
	"sync"
	"time"
)

const (
	// sniffTimeout is how long a new connection may take to send its first
	// byte.
	sniffTimeout = 10 * time.Second

	// acceptPause is the wait after a failed accept, which mostly means that
	// the process has too many files open.
	acceptPause = 10 * time.Millisecond

	// tlsHandshake is the first byte of every TLS connection, and of no HTTP
	// request.
	tlsHandshake = 0x16
)

// splitter accepts connections and tells HTTP from TLS by their first byte.
type splitter struct {
	listener net.Listener
	plain    *queue
	secure   *queue

	ctx  context.Context // ends with close
	stop context.CancelFunc
	wg   sync.WaitGroup // run and its sniffers
}

func newSplitter(l net.Listener) *splitter {
	ctx, stop := context.WithCancel(context.Background())
	return &splitter{
		listener: l,
		plain:    newQueue(ctx, l.Addr()),
		secure:   newQueue(ctx, l.Addr()),
		ctx:      ctx,
		stop:     stop,
	}
}

// start accepts connections in goroutines that close waits for.
func (s *splitter) start() {
	s.wg.Go(s.accept)
}

func (s *splitter) accept() {
	for {
		c, err := s.listener.Accept()
		switch {
		case err == nil:
			s.wg.Go(func() { s.sniff(c) })
		case waitUntil(s.ctx, time.Now().Add(acceptPause)) != nil:
			return
		}
	}
}

// sniff reads the first byte of a connection and passes it on.
func (s *splitter) sniff(c net.Conn) {
	// Closing is the only way to end a read early.
	release := context.AfterFunc(s.ctx, func() { c.Close() })
	accepted := &conn{Conn: c, unread: true}
	c.SetReadDeadline(time.Now().Add(sniffTimeout))
	_, err := c.Read(accepted.first[:])
	if !release() || err != nil {
		c.Close()
		return
	}
	c.SetReadDeadline(time.Time{})
	if accepted.first[0] == tlsHandshake {
		s.secure.put(accepted)
	} else {
		s.plain.put(accepted)
	}
}

// close stops accepting, drops the connections that nobody accepted yet and
// waits for every goroutine.
func (s *splitter) close() {
	s.stop()
	s.listener.Close()
	s.wg.Wait()
}

// conn is a connection whose first byte was read already.
type conn struct {
	net.Conn
	first  [1]byte
	unread bool
	seat   seat
}

func (c *conn) Read(p []byte) (int, error) {
	if c.unread && len(p) > 0 {
		c.unread = false
		p[0] = c.first[0]
		return 1, nil
	}
	return c.Conn.Read(p)
}

// queue is the net.Listener of one of the two servers behind a splitter.
type queue struct {
	addr  net.Addr
	conns chan net.Conn
	ctx   context.Context
	stop  context.CancelFunc
}

func newQueue(ctx context.Context, addr net.Addr) *queue {
	ctx, stop := context.WithCancel(ctx)
	return &queue{addr: addr, conns: make(chan net.Conn), ctx: ctx, stop: stop}
}

// put hands a connection to the next Accept, or closes it when there will be
// none.
func (q *queue) put(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.ctx.Done():
		c.Close()
	}
}

func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.ctx.Done():
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error {
	q.stop()
	return nil
}

func (q *queue) Addr() net.Addr { return q.addr }
