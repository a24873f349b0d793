package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
)

// ErrNoPort is the error of a dial when every local port that could reach the
// address is in use.
var ErrNoPort = errors.New("no local port is free")

// IsShortage reports whether err says that this process or machine has no open
// files or local ports left. That is no server's fault, and ends when other
// transfers end.
func IsShortage(err error) bool {
	if errors.Is(err, ErrNoPort) {
		return true
	}
	for _, limit := range []error{syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, limit) {
			return true
		}
		if dns, ok := errors.AsType[*net.DNSError](err); ok && strings.Contains(dns.Err, limit.Error()) {
			return true // a DNSError has only the text of its cause
		}
	}
	return false
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// reportPortShortage makes a dial fail with ErrNoPort when that is the reason.
func reportPortShortage(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil && outOfPorts(err) {
			err = fmt.Errorf("%w: %w", ErrNoPort, err)
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
