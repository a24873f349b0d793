// Package listen accepts connections and sorts them: HTTP, HTTPS, and those that
// may meet a fault before HTTP.
package listen

import (
	"bytes"
	"context"
	"net"
	"sync"
	"time"

	"grab/testserver/fault"
)

const (
	// SniffTimeout is how long a new connection may take to send its first
	// byte.
	SniffTimeout = 10 * time.Second

	// acceptPause is the wait after a failed accept. Mostly it means that the
	// process has too many files open.
	acceptPause = 10 * time.Millisecond
)

// Splitter accepts connections and tells HTTP from TLS by the first byte.
type Splitter struct {
	Plain  *Queue // connections of HTTP
	Secure *Queue // connections of TLS

	// Intercept serves a connection that may meet a fault before HTTP: a TLS
	// connection that names a host of Domain, or one with a fault already.
	// Both are set before Start.
	Intercept func(*Conn)
	Domain    string

	listener net.Listener
	fault    *fault.Fault // of every connection, nil for none

	ctx  context.Context // ends with Close
	stop context.CancelFunc
	wg   sync.WaitGroup // accept and the goroutines that sniff
}

// New returns a splitter for a listener, which it closes.
func New(l net.Listener) *Splitter {
	ctx, stop := context.WithCancel(context.Background())
	return &Splitter{
		Plain:    NewQueue(ctx, l.Addr()),
		Secure:   NewQueue(ctx, l.Addr()),
		listener: l,
		ctx:      ctx,
		stop:     stop,
	}
}

// Branch returns a splitter for another listener, whose connections all meet a
// fault. It puts them in the same queues.
func (s *Splitter) Branch(l net.Listener, f *fault.Fault) *Splitter {
	ctx, stop := context.WithCancel(s.ctx)
	return &Splitter{
		Plain:     s.Plain,
		Secure:    s.Secure,
		Intercept: s.Intercept,
		Domain:    s.Domain,
		listener:  l,
		fault:     f,
		ctx:       ctx,
		stop:      stop,
	}
}

// Addr returns the address of the listener.
func (s *Splitter) Addr() net.Addr { return s.listener.Addr() }

// Context returns a context that ends with Close.
func (s *Splitter) Context() context.Context { return s.ctx }

// Start accepts connections in goroutines that Close waits for.
func (s *Splitter) Start() {
	s.wg.Go(s.accept)
}

func (s *Splitter) accept() {
	for {
		c, err := s.listener.Accept()
		if err == nil {
			s.wg.Go(func() { s.sniff(c) })
			continue
		}
		select {
		case <-time.After(acceptPause):
		case <-s.ctx.Done():
			return
		}
	}
}

// sniff reads the first bytes of a connection and passes it on.
func (s *Splitter) sniff(c net.Conn) {
	accepted := &Conn{Conn: c, Fault: s.fault}
	if s.fault != nil && s.fault.OwnAddr {
		s.Intercept(accepted)
		return
	}
	// Closing is the only way to end a read early.
	release := context.AfterFunc(s.ctx, func() { c.Close() })
	c.SetReadDeadline(time.Now().Add(SniffTimeout))
	err := accepted.peek()
	if !release() || err != nil {
		c.Close()
		return
	}
	c.SetReadDeadline(time.Time{})
	switch {
	case !accepted.isTLS():
		s.Plain.Put(accepted)
	case s.fault != nil || bytes.Contains(accepted.unread, []byte("."+s.Domain)):
		s.Intercept(accepted)
	default:
		s.Secure.Put(accepted)
	}
}

// Close stops accepting, drops the connections that nobody took from a queue yet,
// and waits for every goroutine.
func (s *Splitter) Close() {
	s.stop()
	s.listener.Close()
	s.wg.Wait()
}
