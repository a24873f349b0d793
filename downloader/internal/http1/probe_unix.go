//go:build unix

package http1

import (
	"net"
	"syscall"
)

// probe checks an idle connection without waiting.
type probe struct {
	file syscall.RawConn // nil if the connection has no file descriptor
	read func(fd uintptr) bool
	buf  [16]byte // what waited at the last look
	n    int
	err  error
}

func newProbe(raw net.Conn) *probe {
	p := &probe{}
	if s, ok := raw.(syscall.Conn); ok {
		p.file, _ = s.SyscallConn() // fails if raw is closed; then every later call fails as well
	}
	p.read = func(fd uintptr) bool {
		p.n, _, p.err = syscall.Recvfrom(int(fd), p.buf[:], syscall.MSG_PEEK)
		return true // do not wait until it is readable
	}
	return p
}

// look returns what the socket has to show, and the first bytes that wait there.
func (p *probe) look() (sight, []byte) {
	if p.file == nil {
		return quiet, nil
	}
	switch err := p.file.Read(p.read); {
	case err != nil:
		return gone, nil
	case p.err == syscall.EAGAIN || p.err == syscall.EWOULDBLOCK:
		return quiet, nil
	case p.err != nil || p.n <= 0:
		return gone, nil
	}
	return talking, p.buf[:p.n]
}
