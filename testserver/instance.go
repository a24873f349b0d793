package testserver

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// headerTimeout is how long a client may take for a TLS handshake and
	// for the header of a request.
	headerTimeout = 10 * time.Second

	// idleTimeout is longer than clients keep idle connections, so that it
	// is never the server that closes one as a request comes in.
	idleTimeout = 4 * time.Minute

	maxHeaderBytes = 16 << 10

	// shutdownRound is how long one call of http.Server.Shutdown may take.
	shutdownRound = 250 * time.Millisecond
)

// seatKey is the key of a connection's seat in the context of its requests.
type seatKey struct{}

// instance is a server that listens: one socket, and http.Servers that share
// its connections.
type instance struct {
	addr     string
	splitter *splitter
	plain    *http.Server
	secure   *http.Server
	tls      *tls.Config  // of secure's connections
	relayed  *http.Server // HTTP/2 whose frames a fault changes
	relays   *queue       // the connections of relayed
	linker   *linker
	gate     *gate
	cancel   context.CancelCauseFunc // ends every request
	wg       sync.WaitGroup          // the servers and their connections
}

// serve starts an instance on a listener, which it owns from now on.
func serve(l net.Listener, s *Server) *instance {
	ctx, cancel := context.WithCancelCause(context.Background())
	in := &instance{
		addr:     l.Addr().String(),
		splitter: newSplitter(l),
		gate:     newGate(),
		cancel:   cancel,
	}
	in.plain = in.server(ctx, s)
	in.secure = in.server(ctx, s)
	in.tls = &tls.Config{GetCertificate: s.authority.certificate, NextProtos: []string{"h2", "http/1.1"}}
	in.relayed = in.server(ctx, s)
	in.relayed.Protocols = new(http.Protocols)
	in.relayed.Protocols.SetUnencryptedHTTP2(true)
	in.relays = newQueue(in.splitter.ctx, l.Addr())
	in.linker = newLinker(in, s)
	in.splitter.meet = in.linker.meet

	in.splitter.start()
	// They end when their listeners are closed, and for no other reason.
	in.wg.Go(func() { in.plain.Serve(in.splitter.plain) })
	in.wg.Go(func() { in.secure.Serve(secureQueue{in.splitter.secure, in.tls}) })
	in.wg.Go(func() { in.relayed.Serve(in.relays) })
	return in
}

func (in *instance) server(ctx context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler:           in.gate.guard(h),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          log.New(io.Discard, "", 0),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnContext:       withSeat,
		ConnState:         in.track,
	}
}

// track counts connections, each of which has a goroutine, for close to wait
// for: an http.Server does not.
func (in *instance) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		in.wg.Add(1)
	case http.StateClosed, http.StateHijacked:
		in.wg.Done()
	}
}

func withSeat(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if c, ok := c.(*conn); ok {
		return context.WithValue(ctx, seatKey{}, &c.seat)
	}
	return ctx
}

// close ends everything at once and waits for every goroutine.
func (in *instance) close() error {
	in.cancel(errClosed)
	in.splitter.close()
	in.linker.close()
	err := errors.Join(in.plain.Close(), in.secure.Close(), in.relayed.Close())
	in.gate.close()
	in.wg.Wait()
	return err
}

// shutdown stops accepting and waits for the requests being answered, or for
// ctx, whose error it then returns. It leaves the instance to be closed.
func (in *instance) shutdown(ctx context.Context) error {
	in.splitter.close()
	in.linker.close()
	var secureErr, relayedErr error
	var wg sync.WaitGroup
	wg.Go(func() { secureErr = drain(ctx, in.secure) })
	wg.Go(func() { relayedErr = drain(ctx, in.relayed) })
	plainErr := drain(ctx, in.plain)
	wg.Wait()
	return cmp.Or(plainErr, secureErr, relayedErr)
}

// drain shuts an http.Server down, in rounds: each asks the HTTP/2
// connections of its time to end, but would wait for ever for one whose
// handshake was not over then and that is idle since.
func drain(ctx context.Context, server *http.Server) error {
	for {
		round, cancel := context.WithTimeout(ctx, shutdownRound)
		err := server.Shutdown(round)
		cancel()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Close stops the server: it ends every connection, also those with a
// response on its way, and returns when every goroutine has ended. More than
// one call does no harm.
func (s *Server) Close() error {
	in := s.end()
	if in == nil {
		return nil
	}
	return in.close()
}

// ShutdownAfter waits for the end of ctx, and then shuts the server down, within
// grace.
func (s *Server) ShutdownAfter(ctx context.Context, grace time.Duration) error {
	<-ctx.Done()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return s.Shutdown(last)
}

// Shutdown stops accepting connections, lets the responses on their way
// finish, and then closes the server. When ctx ends first, it closes the
// server at once and returns the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	in := s.end()
	if in == nil {
		return nil
	}
	err := in.shutdown(ctx)
	if closeErr := in.close(); err == nil {
		err = closeErr
	}
	return err
}
