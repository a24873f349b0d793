package faults

import (
	"io"
	"net"
)

// refusingAddr returns an address that refuses connections: the port of a client, on which
// nobody listens and which nobody else can take.
func refusingAddr(host string) (io.Closer, string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, "", err
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, "", err
	}
	return c, c.LocalAddr().String(), nil
}

// closers closes several things, in order.
type closers []io.Closer

func (list closers) Close() error {
	for _, c := range list {
		c.Close()
	}
	return nil
}
