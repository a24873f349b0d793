//go:build unix

package faults

import (
	"io"
	"net"
	"syscall"
	"time"
)

const (
	// dialPatience is how long to dial before the queue counts as full.
	dialPatience = 50 * time.Millisecond

	// maxBacklog is more than what any system queues for a backlog of 0.
	maxBacklog = 16
)

// silentAddr returns an address that does not answer: a listener that accepts nothing and has a
// full queue.
func silentAddr(host string) (io.Closer, string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, "", err
	}
	open := closers{l}
	addr := l.Addr().String()
	if err := shorten(l.(*net.TCPListener)); err != nil {
		open.Close()
		return nil, "", err
	}
	for range maxBacklog {
		c, err := net.DialTimeout("tcp", addr, dialPatience)
		if err != nil {
			return open, addr, nil
		}
		open = append(open, c)
	}
	open.Close()
	return nil, "", syscall.ENOTSUP
}

// shorten makes the queue of a listener as short as possible. A second call of listen
// changes nothing else.
func shorten(l *net.TCPListener) error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var listenErr error
	if err := raw.Control(func(fd uintptr) { listenErr = syscall.Listen(int(fd), 0) }); err != nil {
		return err
	}
	return listenErr
}
