package faults

import (
	"io"
	"net"
)

// refusing returns an address that refuses connections: the port of a client,
// which nobody else can take and nobody listens on.
func refusing(host string) (io.Closer, string, error) {
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

// closers closes several things, in their order.
type closers []io.Closer

func (list closers) Close() error {
	for _, c := range list {
		c.Close()
	}
	return nil
}
