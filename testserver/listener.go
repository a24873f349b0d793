package testserver

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
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
	fault    *Fault      // that every connection meets, nil for none
	meet     func(*conn) // serves a connection that may meet a fault before HTTP

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

// branch returns a splitter for another listener, whose connections meet a
// fault. It puts them in the same queues.
func (s *splitter) branch(l net.Listener, f *Fault) *splitter {
	ctx, stop := context.WithCancel(s.ctx)
	return &splitter{listener: l, plain: s.plain, secure: s.secure, fault: f, meet: s.meet, ctx: ctx, stop: stop}
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

// sniff reads the first bytes of a connection and passes it on.
func (s *splitter) sniff(c net.Conn) {
	accepted := &conn{Conn: c, seat: seat{fault: s.fault}}
	if s.fault != nil && s.fault.OwnAddr {
		s.meet(accepted)
		return
	}
	// Closing is the only way to end a read early.
	release := context.AfterFunc(s.ctx, func() { c.Close() })
	c.SetReadDeadline(time.Now().Add(sniffTimeout))
	err := accepted.peek()
	if !release() || err != nil {
		c.Close()
		return
	}
	c.SetReadDeadline(time.Time{})
	switch {
	case accepted.unread[0] != tlsHandshake:
		s.plain.put(accepted)
	case s.fault != nil || bytes.Contains(accepted.unread, []byte("."+FaultDomain)):
		s.meet(accepted)
	default:
		s.secure.put(accepted)
	}
}

// close stops accepting, drops the connections that nobody accepted yet and
// waits for every goroutine.
func (s *splitter) close() {
	s.stop()
	s.listener.Close()
	s.wg.Wait()
}

// conn is a connection whose first bytes were read already.
type conn struct {
	net.Conn
	unread []byte
	seat   seat
}

// recordHeader is the size of the header of a record of TLS (RFC 8446 section
// 5.1), which ends with the length of the rest.
const recordHeader = 5

// peek reads the first byte, and if it is that of TLS the whole record: it has
// the name that the client asks for.
func (c *conn) peek() error {
	c.unread = make([]byte, 1, recordHeader)
	if _, err := io.ReadFull(c.Conn, c.unread); err != nil || c.unread[0] != tlsHandshake {
		return err
	}
	c.unread = c.unread[:recordHeader]
	if _, err := io.ReadFull(c.Conn, c.unread[1:]); err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(c.unread[3:]))
	c.unread = append(c.unread, make([]byte, size)...)
	_, err := io.ReadFull(c.Conn, c.unread[recordHeader:])
	return err
}

func (c *conn) Read(p []byte) (int, error) {
	if len(c.unread) > 0 {
		n := copy(p, c.unread)
		c.unread = c.unread[n:]
		return n, nil
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
