package folder

import (
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// os.Root and os.File do what these do with three times the system calls, which
// were a tenth of the time that a small image takes (docs/BENCHMARKS.md). The names are
// grab's own, single components or a staging file's path, and no link at their
// end is followed.

// openIn opens a file in a folder for reading and writing, with more flags.
func OpenIn(_ *os.Root, folder *os.File, name string, flags int) (*File, error) {
	flags |= syscall.O_RDWR | syscall.O_NOFOLLOW | syscall.O_CLOEXEC
	f := &File{name: name}
	err := f.do("open", func() (err error) {
		f.fd, err = syscall.Openat(int(folder.Fd()), name, flags, 0o666)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// partFile is a staging file. Whoever made it closes it.
type File struct {
	fd   int
	name string
}

// do repeats a system call as long as signals interrupt it.
func (f *File) do(op string, call func() error) error {
	for {
		err := call()
		if err == nil {
			return nil
		}
		if err != syscall.EINTR {
			return &os.PathError{Op: op, Path: f.name, Err: err}
		}
	}
}

func (f *File) Write(p []byte) (int, error) {
	for written := 0; written < len(p); {
		var n int
		err := f.do("write", func() (err error) { n, err = syscall.Write(f.fd, p[written:]); return err })
		if err != nil {
			return written, err
		}
		written += n
	}
	return len(p), nil
}

func (f *File) ReadAt(p []byte, off int64) (int, error) {
	for read := 0; read < len(p); {
		var n int
		err := f.do("read", func() (err error) { n, err = syscall.Pread(f.fd, p[read:], off+int64(read)); return err })
		if err != nil {
			return read, err
		}
		if n == 0 {
			return read, io.EOF
		}
		read += n
	}
	return len(p), nil
}

func (f *File) Sync() error {
	return f.do("sync", func() error { return syscall.Fsync(f.fd) })
}

// Close is not repeated: Linux has closed the file whatever it returns.
func (f *File) Close() error {
	if err := syscall.Close(f.fd); err != nil {
		return &os.PathError{Op: "close", Path: f.name, Err: err}
	}
	return nil
}

// regularSize returns the size of a file in a folder; false if it is none.
func RegularSize(_ *os.Root, folder *os.File, name string) (int64, bool) {
	fd := int(folder.Fd())
	for {
		var info unix.Stat_t
		err := unix.Fstatat(fd, name, &info, unix.AT_SYMLINK_NOFOLLOW)
		if err != syscall.EINTR {
			return info.Size, err == nil && info.Mode&syscall.S_IFMT == syscall.S_IFREG
		}
	}
}

// renameIn renames a file in a folder, over what has the new name.
func RenameIn(_ *os.Root, folder *os.File, from, to string) error {
	fd := int(folder.Fd())
	for {
		err := syscall.Renameat(fd, from, fd, to)
		if err == nil {
			return nil
		}
		if err != syscall.EINTR {
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
		}
	}
}
