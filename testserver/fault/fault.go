// Package fault is the contract between one fault and the server: how a fault is
// described, what it learns of a request or a connection, and how it answers.
package fault

import "strings"

// The protocols that a fault exists in.
const (
	OverAll   = "h1 tls h2"
	OverHTTP1 = "h1 tls"
	OverPlain = "h1"
	OverTLS   = "tls h2" // in the handshake, before a protocol is agreed on
	OverTLS1  = "tls"    // HTTP/1 in TLS
	OverHTTP2 = "h2"
)

// Fault is one thing that servers do wrong, or that only looks wrong.
type Fault struct {
	ID    string // the row of the catalogue of faults, such as "A01"
	Name  string // such as "a01-short"; the lower-case ID alone names the first of a row
	About string // what is on the wire

	// Expect is what a downloader may make of it, alternatives separated by
	// "|". "ok" is the whole image, and the others are a failure of a class:
	// "T:CLASS" is worth further attempts, "P:CLASS" is not, and "P1:CLASS"
	// is worth one more.
	Expect string

	// Over lists the protocols that it exists in, separated by spaces: "h1"
	// for HTTP/1.1, "tls" for HTTP/1.1 over TLS, and "h2" for HTTP/2 over TLS.
	Over string

	// Queries are parameters that select other cases of the fault, each worth
	// a test. The case without parameters comes first and is not listed.
	Queries []string

	// Times is how many requests for a URI have the fault, or connections for
	// a host if PerConnection. Later ones get the whole image. Zero is all of
	// them. The parameter "times" overrides it.
	Times int

	// PerConnection says that a connection has the fault, not a request. A
	// client has to ask for the fault's host, or connect to
	// Server.FaultAddr.
	PerConnection bool

	// OwnAddr says that the fault comes before anything is known of a
	// connection, so that only Server.FaultAddr leads to it.
	OwnAddr bool

	Play func(*Request) Answer // unless PerConnection
	Conn *Conn                 // if PerConnection
}

// Plannable reports whether a plan can choose the fault for an image. It cannot choose
// faults of connections, which images share.
func (f Fault) Plannable() bool { return f.Play != nil }

// Passing reports whether further attempts may overcome the fault.
func (f Fault) Passing() bool {
	return strings.Contains(f.Expect, "T:")
}
