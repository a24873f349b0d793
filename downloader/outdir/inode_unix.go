//go:build unix

package outdir

import (
	"io/fs"
	"syscall"

	"grab/downloader/sink"
)

// inode returns a file's number in its file system.
func inode(_ *sink.Files, _ string, info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Ino
	}
	return 0
}
