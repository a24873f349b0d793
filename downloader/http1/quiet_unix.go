//go:build unix

package http1

import "syscall"

// quiet reports whether an idle connection is as it was left: open, and without
// a word that nobody asked for.
func (c *conn) quiet() bool {
	if c.file == nil {
		return true
	}
	var end error
	err := c.file.Read(func(fd uintptr) bool {
		var buf [1]byte
		_, end = syscall.Read(int(fd), buf[:])
		return true // now or never
	})
	return err == nil && (end == syscall.EAGAIN || end == syscall.EWOULDBLOCK)
}
