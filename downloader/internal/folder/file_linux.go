package folder

import (
	"io"
	"os"
	"syscall"
)

// File is an open file. Whoever opens it must close it.
type File struct {
	fd   int
	name string
}

// Write writes all of p at the end of what was written.
func (f *File) Write(p []byte) (int, error) {
	for written := 0; written < len(p); {
		n, err := f.do("write", func() (int, error) { return syscall.Write(f.fd, p[written:]) })
		if err != nil {
			return written, err
		}
		written += n
	}
	return len(p), nil
}

// ReadAt implements [io.ReaderAt].
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	for read := 0; read < len(p); {
		n, err := f.do("read", func() (int, error) { return syscall.Pread(f.fd, p[read:], off+int64(read)) })
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

// Sync makes the file's content reach the disk.
func (f *File) Sync() error {
	_, err := f.do("sync", func() (int, error) { return 0, syscall.Fsync(f.fd) })
	return err
}

// Close closes the file. It does not repeat the call, since Linux has closed the
// file whatever the call returns.
func (f *File) Close() error {
	if err := syscall.Close(f.fd); err != nil {
		return &os.PathError{Op: "close", Path: f.name, Err: err}
	}
	return nil
}

// do makes a system call on the file until no signal interrupts it.
func (f *File) do(op string, call func() (int, error)) (n int, err error) {
	err = untilDone(func() error { n, err = call(); return err })
	if err != nil {
		return 0, &os.PathError{Op: op, Path: f.name, Err: err}
	}
	return n, nil
}

// untilDone repeats a system call as long as signals interrupt it.
func untilDone(call func() error) error {
	for {
		if err := call(); err != syscall.EINTR {
			return err
		}
	}
}
