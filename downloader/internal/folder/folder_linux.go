package folder

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// OpenFile opens a file for reading and writing, with further flags.
func (f *Folder) OpenFile(name string, flags int) (*File, error) {
	var fd int
	err := untilDone(func() (err error) {
		fd, err = syscall.Openat(int(f.handle.Fd()), name, flags|syscall.O_RDWR|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0o666)
		return err
	})
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return &File{fd: fd, name: name}, nil
}

// RegularSize returns the size of a regular file, and false if there is none.
func (f *Folder) RegularSize(name string) (int64, bool) {
	var info unix.Stat_t
	err := untilDone(func() error {
		return unix.Fstatat(int(f.handle.Fd()), name, &info, unix.AT_SYMLINK_NOFOLLOW)
	})
	return info.Size, err == nil && info.Mode&syscall.S_IFMT == syscall.S_IFREG
}

// Rename renames a file, and replaces a file that has the new name.
func (f *Folder) Rename(from, to string) error {
	fd := int(f.handle.Fd())
	if err := untilDone(func() error { return syscall.Renameat(fd, from, fd, to) }); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}
