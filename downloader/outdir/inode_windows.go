package outdir

import (
	"io/fs"
	"syscall"

	"grab/downloader/sink"
)

// inode returns a file's number in its file system. Size and time do not tell files
// apart that were written in the same tick of the clock.
func inode(files *sink.Files, name string, _ fs.FileInfo) uint64 {
	file, err := files.Open(name)
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	var d syscall.ByHandleFileInformation
	if syscall.GetFileInformationByHandle(syscall.Handle(file.Fd()), &d) != nil {
		return 0
	}
	return uint64(d.FileIndexHigh)<<32 | uint64(d.FileIndexLow)
}
