package fault

import (
	"bytes"
	"crypto/tls"
	"io"

	"grab/testserver/authority"
	"grab/testserver/h2"
	"grab/testserver/outlet"
)

// Conn is what a fault does to a connection. Each of its fields is nil or changes
// one layer; the lowest layer comes first.
type Conn struct {
	// Listen opens an address where no server is, on a host.
	Listen func(host string) (io.Closer, string, error)

	// Accept replaces everything that follows the accept.
	Accept func(*outlet.Conn) outlet.Ending

	// Hello replaces the server's part of a handshake.
	Hello func(*outlet.Conn) outlet.Ending

	// Configure changes the handshake.
	Configure func(*Handshake) error

	// AfterTLS replaces HTTP.
	AfterTLS func(*Handshake, *outlet.Conn) outlet.Ending

	// Frames changes frames of HTTP/2.
	Frames func(*h2.Relay)
}

// Handshake is a TLS connection with a fault.
type Handshake struct {
	Hello     *tls.ClientHelloInfo // nil before it has come
	Authority *authority.Authority
	Nth       int         // number of earlier connections to the same host
	Config    *tls.Config // of this connection alone
	Conn      *tls.Conn

	// Keys is for Config.KeyLogWriter.
	Keys bytes.Buffer
}

// ServerName returns the host that the client asks for, "" if none.
func (h *Handshake) ServerName() string {
	if h.Hello == nil {
		return ""
	}
	return h.Hello.ServerName
}
