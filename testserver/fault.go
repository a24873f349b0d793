package testserver

import (
	"slices"
	"strings"
)

// FaultDomain is where each fault has a host: a request for any path of
// NAME.fault.test meets the fault, as does a TLS connection that asks for that
// name. More labels may come before the name: each such host has counts of its
// own.
const FaultDomain = "fault.test"

// The protocols that a fault exists in.
const (
	overAll   = "h1 tls h2"
	overHTTP1 = "h1 tls"
	overPlain = "h1"
	overTLS   = "tls h2" // in the handshake, before there is a protocol
	overTLS1  = "tls"    // HTTP/1 in TLS
	overHTTP2 = "h2"
)

// Fault is one thing that servers do wrong, or that only looks wrong.
type Fault struct {
	ID    string // the row of the catalogue of faults, such as "A01"
	Name  string // such as "a01-short"; the lower-case ID alone names the first of a row
	About string // what is on the wire

	// Expect is what a downloader may make of it, alternatives separated by
	// "|": "ok" for the whole image; "T:CLASS" for a failure of that class
	// that is worth further attempts, "P:CLASS" for one that is not, and
	// "P1:CLASS" for one that is worth one more.
	Expect string

	// Over lists the protocols that it exists in, separated by spaces: "h1"
	// for HTTP/1.1, "tls" for HTTP/1.1 over TLS, and "h2" for HTTP/2 over TLS.
	Over string

	// Queries are parameters that make other cases of it, each worth a test.
	// The case without any comes first and is not listed.
	Queries []string

	// Times is how many requests for a URI meet it, or connections for a
	// host if PerConnection; those that come later get the whole image. Zero
	// is all of them. The parameter "times" overrides it.
	Times int

	// PerConnection says that a connection meets it, not a request, so that
	// it takes the fault's host or Server.FaultAddr.
	PerConnection bool

	// OwnAddr says that it comes before anything is known of a connection, so
	// that it takes Server.FaultAddr.
	OwnAddr bool

	play func(*scene) act // unless PerConnection
	link *link            // if PerConnection
}

// Passing reports whether the fault is one that more attempts may overcome.
func (f Fault) Passing() bool {
	return strings.Contains(f.Expect, "T:")
}

// Faults returns every fault that a server can play, in the order of the
// catalogue. These rows are missing, for they are not a server's doing:
//
//   - A37: the client throttles itself.
//   - A47 to A50: name servers.
//   - A80, A152: secrets on the client's side. What it sends is in the ledger.
//   - A141, A146, A147, A148: URLs, which the client's list has to have.
//   - A151: a link in the client's folder.
//   - A160 to A162: proxies.
//   - A164, A165: many hosts at a time, which are many labels before the
//     host of any fault.
func Faults() []Fault {
	return slices.Concat(
		cutFaults(), extraFaults(), lengthFaults(), chunkFaults(),
		helloFaults(), statusLineFaults(), headFaults(), interimFaults(),
		timeFaults(), connectionFaults(), handshakeFaults(), certificateFaults(),
		goawayFaults(), frameFaults(), floodFaults(), postHandshakeFaults(),
		redirectFaults(), locationFaults(), secretFaults(),
		statusFaults(), retryFaults(),
		resumeFaults(), unsatisfiableFaults(), versionFaults(),
		codingFaults(), typeFaults(), damageFaults(), tailFaults(), bombFaults(), magicFaults(),
		nameFaults(), injectionFaults(),
	)
}

// catalogue finds faults by name and by the lower-case id of a row.
type catalogue map[string]*Fault

func newCatalogue() catalogue {
	c := make(catalogue)
	for _, f := range Faults() {
		c[f.Name] = &f
		if id := strings.ToLower(f.ID); c[id] == nil {
			c[id] = &f
		}
	}
	return c
}

// host returns the fault of a host name, nil if it has none.
func (c catalogue) host(name string) *Fault {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	labels, ok := strings.CutSuffix(name, "."+FaultDomain)
	if !ok {
		return nil
	}
	return c[labels[strings.LastIndexByte(labels, '.')+1:]]
}

// help lists the names and what they stand for.
func (c catalogue) help() string {
	var b strings.Builder
	for _, f := range Faults() {
		b.WriteString(f.Name + strings.Repeat(" ", max(1, 28-len(f.Name))) + f.About + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
