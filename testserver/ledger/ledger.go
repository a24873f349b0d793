// Package ledger records what clients asked a server for, and what they got.
package ledger

import (
	"strings"
	"time"
)

// maxRecords bounds the requests that a ledger holds.
const maxRecords = 100_000

// How a request ended.
const (
	EndComplete   = "complete"    // the whole answer was handed to the network
	EndClientGone = "client-gone" // the client went away first
	EndClosed     = "closed"      // the server was closed first

	// EndFault is the end of a fault. If it changes frames of HTTP/2, the
	// client may have got less than was sent.
	EndFault = "fault"
)

// Ledger is what clients asked a server for since it was made or reset, without the
// requests for the ledger itself, for its reset and for the authority.
//
// A client that has read the whole of a response finds its request in the ledger.
type Ledger struct {
	Requests []Request `json:"requests"` // finished ones, in the order of their arrival
	Total    int       `json:"total"`    // finished requests
	Dropped  int       `json:"dropped"`  // Total minus Requests, which holds the first 100,000

	Connections  int   `json:"connections"`    // that carried at least one request
	InFlight     int   `json:"in_flight"`      // requests for images being answered now
	PeakInFlight int   `json:"peak_in_flight"` // the most at one time
	Bytes        int64 `json:"bytes"`          // of bodies sent

	// CPUSeconds is the user and system time of the process, 0 on systems
	// that do not tell it.
	CPUSeconds float64 `json:"cpu_seconds"`
}

// Request is a finished request. One without a method is a connection that a fault
// ended before a request came. Its host is then the name in the TLS handshake.
type Request struct {
	Seq int `json:"seq"` // its place in the order of arrival, from 1

	// Conn is its connection. Connections are numbered from 1, in the order of
	// their first requests. It is 0 if the server did not accept it.
	Conn int `json:"conn"`

	Remote string `json:"remote"` // the client's address
	Proto  string `json:"proto"`  // "HTTP/1.1", "HTTP/2.0"
	Method string `json:"method"`
	Host   string `json:"host"`
	URI    string `json:"uri"`
	Range  string `json:"range"`  // the Range header, "" if none
	Fault  string `json:"fault"`  // the name of the answer's fault, "" if none
	Status int    `json:"status"` // 0 if the client went away before it was sent

	Planned int64 `json:"planned"` // bytes of body to send
	Sent    int64 `json:"sent"`    // bytes of body handed to the network

	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"` // from Started to the end of the answer
	End     string    `json:"end"`     // EndComplete, EndClientGone, EndClosed or EndFault

	// Header holds the fields that a client must be careful with: credentials,
	// Referer, If-Range and fields that begin with X-.
	Header map[string]string `json:"header,omitempty"`
}

// Path returns the URI without its query.
func (r Request) Path() string {
	path, _, _ := strings.Cut(r.URI, "?")
	return path
}

// Count returns the number of recorded requests for a path, whatever their
// query.
func (l Ledger) Count(path string) int {
	n := 0
	for _, r := range l.Requests {
		if r.Path() == path {
			n++
		}
	}
	return n
}
