package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks a file, and does not wait. A lock of Windows keeps others from reading the
// locked bytes. So it covers one byte far beyond the process ID, which they may read. On a
// file system without locks it reports success. The user must not run grab twice in one
// directory there.
func tryLock(file *os.File) (bool, error) {
	const offset = 1 << 30 // in units of 4 GiB
	err := windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{OffsetHigh: offset})
	switch {
	case err == nil, errors.Is(err, windows.ERROR_NOT_SUPPORTED), errors.Is(err, windows.ERROR_INVALID_FUNCTION),
		errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED):
		return true, nil
	case errors.Is(err, windows.ERROR_LOCK_VIOLATION), errors.Is(err, windows.ERROR_IO_PENDING):
		return false, nil
	default:
		return false, &os.PathError{Op: "lock", Path: file.Name(), Err: err}
	}
}
