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
	err  error // the result of the last read
}

func newProbe(raw net.Conn) *probe {
	p := &probe{}
	if s, ok := raw.(syscall.Conn); ok {
		p.file, _ = s.SyscallConn() // fails if raw is closed; then every later call fails as well
	}
	p.read = func(fd uintptr) bool {
		var buf [1]byte
		_, p.err = syscall.Read(int(fd), buf[:])
		return true // do not wait until it is readable
	}
	return p
}

// unchanged reports whether the connection is still open and the server has sent
// nothing since the last response.
func (p *probe) unchanged() bool {
	if p.file == nil {
		return true
	}
	err := p.file.Read(p.read)
	return err == nil && (p.err == syscall.EAGAIN || p.err == syscall.EWOULDBLOCK)
}
