//go:build unix

package folder

import (
	"io/fs"
	"os"
	"syscall"
)

// noBlock keeps the opening of a FIFO or a device from waiting.
const noBlock = syscall.O_NONBLOCK

// toSync opens a file that may be read-only or have a second name.
const toSync = os.O_RDONLY

// links returns how many names a file has.
func links(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}
