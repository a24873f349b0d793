//go:build unix

package http1

import (
	"net"
	"syscall"
)

// quietness tells whether an idle connection is as it was left: open, and without
// a word that nobody asked for.
type quietness struct {
	file syscall.RawConn // nil: it cannot be told
	look func(fd uintptr) bool
	end  error // of look
}

func newQuietness(raw net.Conn) *quietness {
	q := &quietness{}
	if s, ok := raw.(syscall.Conn); ok {
		q.file, _ = s.SyscallConn() // fails if raw is closed, as everything will
	}
	q.look = func(fd uintptr) bool {
		var buf [1]byte
		_, q.end = syscall.Read(int(fd), buf[:])
		return true // now or never
	}
	return q
}

func (q *quietness) holds() bool {
	if q.file == nil {
		return true
	}
	err := q.file.Read(q.look)
	return err == nil && (q.end == syscall.EAGAIN || q.end == syscall.EWOULDBLOCK)
}
