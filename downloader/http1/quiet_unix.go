//go:build unix

package http1

import "syscall"

// quiet reports whether an idle connection is as it was left: open, and without
// a word that nobody asked for.
func (c *conn) quiet() bool {
	file, ok := c.raw.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return false
	}
	var buf [1]byte
	var end error
	err = raw.Read(func(fd uintptr) bool {
		_, end = syscall.Read(int(fd), buf[:])
		return true // now or never
	})
	return err == nil && (end == syscall.EAGAIN || end == syscall.EWOULDBLOCK)
}
