//go:build unix

package child

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// pollable returns a child's input. If that is a pipe, the runtime's poller waits for it,
// and not a thread in a system call: a child has one thread for all its work, which the
// runtime would have to take away from that call for each item.
func pollable(in io.Reader) io.Reader {
	file, ok := in.(*os.File)
	if !ok {
		return in
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		return in // a terminal would stay without blocking when this process is gone
	}
	fd := int(file.Fd())
	if syscall.SetNonblock(fd, true) != nil {
		return in
	}
	return os.NewFile(uintptr(fd), file.Name())
}
