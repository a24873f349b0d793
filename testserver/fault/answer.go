package fault

import (
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// Answer is how a fault answers a request. One of its fields is set.
type Answer struct {
	// Reply is sent as any other answer.
	Reply *reply.Response

	// OnWriter sends bytes and pauses, in the framing of either protocol.
	OnWriter func(*Request, outlet.Writer) outlet.Ending

	// OnConn sends bytes on a connection of HTTP/1.
	OnConn func(*Request, *outlet.Conn) outlet.Ending
}

// WithReply makes a fault whose answers are well-formed HTTP.
func WithReply(f func(*Request) reply.Response) func(*Request) Answer {
	return func(req *Request) Answer {
		r := f(req)
		return Answer{Reply: &r}
	}
}

// WithWriter makes a fault that sends its answers itself.
func WithWriter(f func(*Request, outlet.Writer) outlet.Ending) func(*Request) Answer {
	return func(*Request) Answer { return Answer{OnWriter: f} }
}

// WithConn makes a fault that writes on the connection.
func WithConn(f func(*Request, *outlet.Conn) outlet.Ending) func(*Request) Answer {
	return func(*Request) Answer { return Answer{OnConn: f} }
}
