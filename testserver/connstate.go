package testserver

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"grab/testserver/fault"
	"grab/testserver/ledger"
	"grab/testserver/listen"
)

// errClosed is the cause that ends requests when the server is closed.
var errClosed = errors.New("testserver: server closed")

// connState is what the handler and the ledger know of a connection.
type connState struct {
	fault *fault.Fault // that the connection has, nil for none; never changes
	conn  ledger.Conn
}

// inLedger returns the connection as the ledger knows it, nil if it is not known.
func (s *connState) inLedger() *ledger.Conn {
	if s == nil {
		return nil
	}
	return &s.conn
}

// connKey is the key of a *connState in the context of a connection's requests.
type connKey struct{}

// withConnState is the ConnContext of an http.Server.
func withConnState(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	if c, ok := c.(*listen.Conn); ok {
		return context.WithValue(ctx, connKey{}, &connState{fault: c.Fault})
	}
	return ctx
}

// connOf returns the connection of a request, nil if it is not known.
func connOf(ctx context.Context) *connState {
	state, _ := ctx.Value(connKey{}).(*connState)
	return state
}

// connFault returns the name of the fault of a request's connection, "" if none.
func connFault(ctx context.Context) string {
	if state := connOf(ctx); state != nil && state.fault != nil {
		return state.fault.Name
	}
	return ""
}

// relayed reports whether a fault changes the frames of a request's connection.
func relayed(ctx context.Context) bool {
	state := connOf(ctx)
	return state != nil && state.fault != nil &&
		state.fault.Conn != nil && state.fault.Conn.Frames != nil
}
