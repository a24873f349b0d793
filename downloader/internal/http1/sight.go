package http1

import "strings"

// sight is what an idle connection has to show.
type sight int

const (
	quiet   sight = iota // open, and the server has sent nothing
	gone                 // closed, or about to be
	talking              // the server has sent what nobody asked for
)

// sightOf returns what the first unsolicited bytes of a connection say. Servers and
// load balancers say goodbye to an idle connection with a response of status 408
// (RFC 9110 section 15.5.9).
func sightOf(bytes []byte) sight {
	status := string(bytes)
	if strings.HasPrefix(status, "HTTP/1.") && strings.HasPrefix(status[min(len(status), len("HTTP/1.1")):], " 408") {
		return gone
	}
	return talking
}
