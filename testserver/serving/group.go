// Package serving runs http.Servers whose end can be waited for: an http.Server waits
// for neither its handlers nor its connections.
package serving

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// HeaderTimeout is how long a client may take for a TLS handshake and for
	// the header of a request.
	HeaderTimeout = 10 * time.Second

	// MaxHeaderBytes bounds the header of a request.
	MaxHeaderBytes = 16 << 10

	// idleTimeout is longer than clients keep idle connections. Otherwise the
	// server might close one just when a request comes in.
	idleTimeout = 4 * time.Minute

	// shutdownRound is how long one call of http.Server.Shutdown may take.
	shutdownRound = 250 * time.Millisecond
)

// Group is several http.Servers with one handler and one end.
type Group struct {
	handler     http.Handler
	connContext func(context.Context, net.Conn) context.Context

	ctx     context.Context // of every request
	cancel  context.CancelCauseFunc
	gate    *gate
	servers []*http.Server
	wg      sync.WaitGroup // the servers and their connections
}

// NewGroup returns a group without servers. The context of a connection's requests is
// what connContext makes of it.
func NewGroup(h http.Handler, connContext func(context.Context, net.Conn) context.Context) *Group {
	ctx, cancel := context.WithCancelCause(context.Background())
	g := &Group{connContext: connContext, ctx: ctx, cancel: cancel, gate: newGate()}
	g.handler = g.gate.guard(h)
	return g
}

// Serve starts a server on a listener, for some protocols only unless they are nil. The
// server ends when the listener is closed, and for no other reason.
func (g *Group) Serve(l net.Listener, protocols *http.Protocols) {
	server := &http.Server{
		Handler:           g.handler,
		Protocols:         protocols,
		ReadHeaderTimeout: HeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    MaxHeaderBytes,
		ErrorLog:          log.New(io.Discard, "", 0),
		BaseContext:       func(net.Listener) context.Context { return g.ctx },
		ConnContext:       g.connContext,
		ConnState:         g.track,
	}
	g.servers = append(g.servers, server)
	g.wg.Go(func() { server.Serve(l) })
}

// track counts the connections for Close to wait for, as each has a goroutine.
func (g *Group) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		g.wg.Add(1)
	case http.StateClosed, http.StateHijacked:
		g.wg.Done()
	}
}

// Cancel ends the context of every request.
func (g *Group) Cancel(cause error) { g.cancel(cause) }

// Close ends everything at once and waits for every goroutine. Call Cancel first, or
// handlers go on.
func (g *Group) Close() error {
	var errs []error
	for _, server := range g.servers {
		errs = append(errs, server.Close())
	}
	g.gate.close()
	g.wg.Wait()
	return errors.Join(errs...)
}

// Shutdown waits for the requests being answered, or for ctx, whose error it then
// returns. The caller still has to close the group.
func (g *Group) Shutdown(ctx context.Context) error {
	errs := make([]error, len(g.servers))
	var wg sync.WaitGroup
	for i, server := range g.servers {
		wg.Go(func() { errs[i] = drain(ctx, server) })
	}
	wg.Wait()
	return cmp.Or(errs...)
}

// drain shuts an http.Server down, in rounds. Shutdown asks the HTTP/2 connections to
// end that are open when it begins. An idle one whose handshake was still going on then
// would make it wait for ever.
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
