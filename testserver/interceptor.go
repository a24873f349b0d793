package testserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"grab/testserver/authority"
	"grab/testserver/fault"
	"grab/testserver/faults"
	"grab/testserver/h2"
	"grab/testserver/ledger"
	"grab/testserver/listen"
	"grab/testserver/outlet"
	"grab/testserver/serving"
)

// errPlayed ends a handshake that a fault has ended.
var errPlayed = errors.New("testserver: the fault was played")

// interceptor plays the faults of connections, which come before HTTP.
type interceptor struct {
	splitter  *listen.Splitter
	relays    *listen.Queue // connections whose frames a fault changes
	tls       *tls.Config
	authority *authority.Authority
	catalogue faults.Catalogue
	counts    *counts
	recorder  *ledger.Recorder

	mu       sync.Mutex
	closed   bool
	branches map[string]*listen.Splitter // by the name of a fault
	places   map[string]place            // by the name of a fault
}

// place is an address where no server is.
type place struct {
	addr string
	io.Closer
}

// intercept plays the fault of a connection, or passes the connection on.
func (ic *interceptor) intercept(c *listen.Conn) {
	if f := c.Fault; f != nil && f.OwnAddr {
		ic.play(c, c, "", f.Conn.Accept)
		return
	}
	h := &fault.Handshake{Authority: ic.authority, Config: ic.tls.Clone()}
	secure := tls.Server(c, &tls.Config{
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			return ic.greet(c, h, hello)
		},
	})
	h.Conn = secure
	ctx, cancel := context.WithTimeout(ic.splitter.Context(), serving.HeaderTimeout)
	err := secure.HandshakeContext(ctx)
	cancel()
	f := c.Fault
	switch {
	case errors.Is(err, errPlayed):
	case err != nil:
		if f != nil && f.Conn != nil {
			ic.record(c, h.ServerName(), time.Now(), err)
		}
		c.Close()
	case f != nil && f.Conn != nil && f.Conn.AfterTLS != nil:
		ic.play(c, secure, h.ServerName(), func(raw *outlet.Conn) outlet.Ending {
			return f.Conn.AfterTLS(h, raw)
		})
	case f != nil && f.Conn != nil && f.Conn.Frames != nil &&
		secure.ConnectionState().NegotiatedProtocol == "h2":
		ic.relay(c, secure, f)
	default:
		ic.splitter.Secure.Put(secure)
	}
}

// greet returns the configuration for the rest of a handshake. If the address did
// not give the connection a fault, the host name in the ClientHello may. A fault that
// replaces the handshake is played here.
func (ic *interceptor) greet(
	c *listen.Conn, h *fault.Handshake, hello *tls.ClientHelloInfo,
) (*tls.Config, error) {
	h.Hello = hello
	if c.Fault == nil {
		c.Fault = ic.catalogue.Host(hello.ServerName)
	}
	f := c.Fault
	if f == nil || f.Conn == nil {
		return h.Config, nil
	}
	h.Nth = ic.counts.add("connection " + f.Name + " " + hello.ServerName)
	switch {
	case f.Times > 0 && h.Nth >= f.Times:
		c.Fault = nil
	case f.Conn.Hello != nil:
		ic.play(c, c, hello.ServerName, f.Conn.Hello)
		return nil, errPlayed
	case f.Conn.Configure != nil:
		return h.Config, f.Conn.Configure(h)
	}
	return h.Config, nil
}

// play plays a fault on a layer of a connection, and ends the connection.
func (ic *interceptor) play(
	c *listen.Conn, layer net.Conn, host string, f func(*outlet.Conn) outlet.Ending,
) {
	started := time.Now()
	raw := outlet.NewConn(ic.splitter.Context(), layer)
	end := f(raw)
	raw.Flush()
	ic.record(c, host, started, raw.Err)
	raw.Finish(end)
}

// relay serves a connection whose frames a fault changes.
func (ic *interceptor) relay(c *listen.Conn, secure *tls.Conn, f *fault.Fault) {
	started := time.Now()
	near, far := net.Pipe()
	r := h2.NewRelay(secure, near)
	f.Conn.Frames(r)
	ic.relays.Put(&listen.Conn{Conn: pipeEnd{far, secure}, Fault: f})
	if !r.Run(ic.splitter.Context()) {
		ic.record(c, secure.ConnectionState().ServerName, started, nil)
	}
}

// pipeEnd is one end of a pipe, with the addresses of the connection that the pipe
// continues.
type pipeEnd struct {
	net.Conn
	of net.Conn
}

func (p pipeEnd) RemoteAddr() net.Addr { return p.of.RemoteAddr() }
func (p pipeEnd) LocalAddr() net.Addr  { return p.of.LocalAddr() }

// record enters a connection without a request into the ledger.
func (ic *interceptor) record(c *listen.Conn, host string, started time.Time, err error) {
	r := ledger.Request{
		Remote:  c.RemoteAddr().String(),
		Proto:   "TCP",
		Host:    host,
		Fault:   c.Fault.Name,
		Started: started,
		Seconds: time.Since(started).Seconds(),
		End:     ledger.EndFault,
	}
	if c.Fault.Conn.Accept == nil {
		r.Proto = "TLS"
	}
	if ic.splitter.Context().Err() != nil {
		r.End = ledger.EndClosed
	} else if errors.Is(err, io.EOF) {
		r.End = ledger.EndClientGone
	}
	ic.recorder.Finish(ic.recorder.Begin(new(ledger.Conn), false), r)
}

// addr returns the address where every connection has a fault.
func (ic *interceptor) addr(f *fault.Fault) (string, error) {
	ic.mu.Lock()
	defer ic.mu.Unlock()
	if ic.closed {
		return "", errClosed
	}
	host, _, err := net.SplitHostPort(ic.splitter.Addr().String())
	if err != nil {
		return "", fmt.Errorf("testserver: %w", err)
	}
	if f.Conn != nil && f.Conn.Listen != nil {
		return ic.placeOf(f, host)
	}
	if b, ok := ic.branches[f.Name]; ok {
		return b.Addr().String(), nil
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", fmt.Errorf("testserver: %w", err)
	}
	b := ic.splitter.Branch(l, f)
	b.Start()
	ic.branches[f.Name] = b
	return l.Addr().String(), nil
}

// placeOf returns the address of a fault that has an address where no server is.
func (ic *interceptor) placeOf(f *fault.Fault, host string) (string, error) {
	if p, ok := ic.places[f.Name]; ok {
		return p.addr, nil
	}
	c, addr, err := f.Conn.Listen(host)
	if err != nil {
		return "", fmt.Errorf("testserver: %w", err)
	}
	ic.places[f.Name] = place{addr, c}
	return addr, nil
}

// close closes the addresses of faults.
func (ic *interceptor) close() {
	ic.mu.Lock()
	defer ic.mu.Unlock()
	ic.closed = true
	for _, b := range ic.branches {
		b.Close()
	}
	for _, p := range ic.places {
		p.Close()
	}
	clear(ic.branches)
	clear(ic.places)
}
