package testserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// link is what a fault does to a connection. Each of its fields is nil or a
// layer of it, from the bottom up.
type link struct {
	place  func(host string) (io.Closer, string, error) // an address that is no server
	greet  func(*line) ending                           // on accept, before a byte is read
	hello  func(*line) ending                           // instead of the server's part of a handshake
	config func(*handshake) error                       // changes the handshake
	after  func(*handshake, *line) ending               // instead of HTTP
	tap    func(*relay)                                 // changes frames of HTTP/2
}

// handshake is a TLS connection that meets a fault.
type handshake struct {
	hello     *tls.ClientHelloInfo
	authority *authority
	nth       int          // how many connections to the same host came before
	config    *tls.Config  // of this connection alone
	keys      bytes.Buffer // in the format of config.KeyLogWriter, if it is used
	conn      *tls.Conn
}

// errPlayed ends a handshake that a fault has ended.
var errPlayed = errors.New("testserver: the fault was played")

// linker lets connections meet the faults that come before HTTP.
type linker struct {
	in     *instance
	server *Server

	mu       sync.Mutex
	closed   bool
	branches map[string]*splitter // by the name of a fault
	places   map[string]place
}

// place is an address that is no server.
type place struct {
	addr string
	io.Closer
}

func newLinker(in *instance, s *Server) *linker {
	return &linker{in: in, server: s, branches: make(map[string]*splitter), places: make(map[string]place)}
}

// meet serves a connection that may meet a fault, or passes it on.
func (lk *linker) meet(c *conn) {
	if f := c.seat.fault; f != nil && f.OwnAddr {
		lk.play(c, c, "", f.link.greet)
		return
	}
	h := &handshake{authority: lk.server.authority, config: lk.in.tls.Clone()}
	secure := tls.Server(c, &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		return lk.greet(c, h, hello)
	}})
	h.conn = secure
	ctx, cancel := context.WithTimeout(lk.in.splitter.ctx, headerTimeout)
	err := secure.HandshakeContext(ctx)
	cancel()
	f := c.seat.fault
	switch {
	case errors.Is(err, errPlayed):
	case err != nil:
		if f != nil && f.link != nil {
			lk.record(c, h.name(), time.Now(), err)
		}
		c.Close()
	case f != nil && f.link != nil && f.link.after != nil:
		lk.play(c, secure, h.name(), func(l *line) ending { return f.link.after(h, l) })
	case f != nil && f.link != nil && f.link.tap != nil && secure.ConnectionState().NegotiatedProtocol == "h2":
		lk.relay(c, secure, f)
	default:
		lk.in.splitter.secure.put(secure)
	}
}

func (h *handshake) name() string {
	if h.hello == nil {
		return ""
	}
	return h.hello.ServerName
}

// greet decides how a handshake goes on: it finds the fault, if the connection
// has none by its address, and plays one that does not get any further.
func (lk *linker) greet(c *conn, h *handshake, hello *tls.ClientHelloInfo) (*tls.Config, error) {
	h.hello = hello
	if c.seat.fault == nil {
		c.seat.fault = lk.server.router.faults.host(hello.ServerName)
	}
	f := c.seat.fault
	if f == nil || f.link == nil {
		return h.config, nil
	}
	h.nth = lk.server.plays.add("connection " + f.Name + " " + hello.ServerName)
	switch {
	case f.Times > 0 && h.nth >= f.Times:
		c.seat.fault = nil
	case f.link.hello != nil:
		lk.play(c, c, hello.ServerName, f.link.hello)
		return nil, errPlayed
	case f.link.config != nil:
		return h.config, f.link.config(h)
	}
	return h.config, nil
}

// play plays a fault on a layer of a connection and ends it.
func (lk *linker) play(c *conn, layer net.Conn, name string, f func(*line) ending) {
	started := time.Now()
	l := newLine(lk.in.splitter.ctx, layer)
	end := f(l)
	l.flush()
	lk.record(c, name, started, l.err)
	l.finish(end)
}

// record enters a connection without a request into the ledger.
func (lk *linker) record(c *conn, name string, started time.Time, err error) {
	r := Request{
		Remote:  c.RemoteAddr().String(),
		Proto:   "TCP",
		Host:    name,
		Fault:   c.seat.fault.Name,
		Started: started,
		Seconds: time.Since(started).Seconds(),
		End:     EndFault,
	}
	if c.seat.fault.link.greet == nil {
		r.Proto = "TLS"
	}
	if lk.in.splitter.ctx.Err() != nil {
		r.End = EndClosed
	} else if errors.Is(err, io.EOF) {
		r.End = EndClientGone
	}
	t := lk.server.book.begin(&c.seat, false)
	r.Seq, r.Conn = t.seq, t.conn
	lk.server.book.finish(t, r)
	lk.server.log.write(r)
}

// addr returns the address where every connection meets a fault.
func (lk *linker) addr(f *Fault) (string, error) {
	lk.mu.Lock()
	defer lk.mu.Unlock()
	if lk.closed {
		return "", errClosed
	}
	host, _, err := net.SplitHostPort(lk.in.addr)
	if err != nil {
		return "", fmt.Errorf("testserver: %w", err)
	}
	if f.link != nil && f.link.place != nil {
		return lk.placed(f, host)
	}
	if b, ok := lk.branches[f.Name]; ok {
		return b.listener.Addr().String(), nil
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("testserver: %w", err)
	}
	b := lk.in.splitter.branch(l, f)
	b.start()
	lk.branches[f.Name] = b
	return l.Addr().String(), nil
}

func (lk *linker) placed(f *Fault, host string) (string, error) {
	if p, ok := lk.places[f.Name]; ok {
		return p.addr, nil
	}
	c, addr, err := f.link.place(host)
	if err != nil {
		return "", fmt.Errorf("testserver: %w", err)
	}
	lk.places[f.Name] = place{addr, c}
	return addr, nil
}

// close closes the addresses of faults.
func (lk *linker) close() {
	lk.mu.Lock()
	defer lk.mu.Unlock()
	lk.closed = true
	for _, b := range lk.branches {
		b.close()
	}
	for _, p := range lk.places {
		p.Close()
	}
	clear(lk.branches)
	clear(lk.places)
}

// FaultAddr returns an address where every connection meets a fault, whatever
// its host, and every request. It is opened on the first call and closed with
// the server.
func (s *Server) FaultAddr(name string) (string, error) {
	f := s.router.faults[strings.ToLower(name)]
	if f == nil {
		return "", fmt.Errorf("testserver: no fault is named %q", name)
	}
	in := s.instance()
	if in == nil {
		return "", errors.New("testserver: not started")
	}
	return in.linker.addr(f)
}

// secureQueue makes TLS of the connections of a queue that are not yet.
type secureQueue struct {
	*queue
	config *tls.Config
}

func (q secureQueue) Accept() (net.Conn, error) {
	c, err := q.queue.Accept()
	if _, done := c.(*tls.Conn); err != nil || done {
		return c, err
	}
	return tls.Server(c, q.config), nil
}
