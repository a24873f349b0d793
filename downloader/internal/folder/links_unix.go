//go:build unix

package folder

import (
	"io/fs"
	"syscall"
)

// noBlock keeps the opening of a FIFO or a device from waiting.
const noBlock = syscall.O_NONBLOCK

// links returns how many names a file has.
func links(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}
