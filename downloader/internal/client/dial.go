package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"

	"grab/downloader/internal/cause"
)

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// reportPortShortage makes a dial fail with cause.ErrNoPort when that is the reason.
func reportPortShortage(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil && outOfPorts(err) {
			err = fmt.Errorf("%w: %w", cause.ErrNoPort, err)
		}
		return conn, err
	}
}

// outOfPorts reports whether a dial failed because no local port was free.
// connect(2) then fails with EADDRNOTAVAIL. It also does if no interface leads to
// the address, as for IPv6 on a machine without it. UDP has ports of its own, so a
// UDP socket for the same address tells the cases apart. Nothing is sent.
func outOfPorts(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Addr == nil || !errors.Is(err, syscall.EADDRNOTAVAIL) {
		return false
	}
	conn, err := net.Dial("udp", op.Addr.String())
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}
