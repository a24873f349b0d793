package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
)

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// errNoPort is what a dial ends with when every local port that could reach the
// address is taken.
var ErrNoPort = errors.New("no local port is free")

// tellPorts has a dial end with errNoPort when that is the reason.
func tellPorts(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil && portless(err) {
			err = fmt.Errorf("%w: %w", ErrNoPort, err)
		}
		return conn, err
	}
}

// portless tells a want of local ports from an address that nothing here leads to,
// one of IPv6 on a machine without it: connect(2) says EADDRNOTAVAIL for both. UDP
// has ports of its own, so there the first is no trouble. Nothing is sent.
func portless(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Addr == nil || !errors.Is(err, syscall.EADDRNOTAVAIL) {
		return false
	}
	conn, err := net.Dial("udp", op.Addr.String())
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
