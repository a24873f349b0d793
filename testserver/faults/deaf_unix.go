//go:build unix

package faults

import (
	"io"
	"net"
	"syscall"
	"time"
)

const (
	// deafPatience is how long the connection that finds a queue full waits.
	deafPatience = 50 * time.Millisecond

	// maxBacklog is more than any system makes of a queue of no length.
	maxBacklog = 16
)

// deaf returns an address that does not answer: a listener that accepts
// nothing, and whose queue is full.
func deaf(host string) (io.Closer, string, error) {
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
		c, err := net.DialTimeout("tcp", addr, deafPatience)
		if err != nil {
			return open, addr, nil
		}
		open = append(open, c)
	}
	open.Close()
	return nil, "", syscall.ENOTSUP
}

// shorten makes the queue of a listener as short as it can be. A second call
// of listen changes nothing else.
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
