// Package lock lets one process at a time use a directory.
package lock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// Name is the name of the lock file in its folder.
const Name = "lock"

// HeldError says that another process holds the lock.
type HeldError struct {
	PID string // of that process; empty if the lock file does not say
}

// Error names the process, if it is known.
func (e *HeldError) Error() string {
	if e.PID == "" {
		return "held by another process"
	}
	return "held by process " + e.PID
}

// Lock is a locked file. The system releases the lock when the process ends. Child
// processes do not inherit it.
type Lock struct {
	file *os.File
	path string
	dir  string
}

// Acquire locks the folder dir, which it makes if it is missing. It does not wait.
// If another process holds the lock, the error is a [*HeldError].
func Acquire(dir string) (*Lock, error) {
	l := &Lock{dir: dir, path: filepath.Join(dir, Name)}
	for {
		if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		failpoint.Pass("lock-folder")
		file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the last holder has removed the folder meanwhile
		}
		if err != nil {
			return nil, err
		}
		if err := folder.Regular(file); err != nil {
			_ = file.Close()
			return nil, err
		}
		failpoint.Pass("lock-made")
		locked, err := tryLock(file)
		if err != nil || !locked {
			pid, _ := os.ReadFile(l.path)
			_ = file.Close()
			if err != nil {
				return nil, err
			}
			return nil, &HeldError{PID: strings.TrimSpace(string(pid))}
		}
		if stale(file, l.path) {
			_ = file.Close()
			continue
		}
		failpoint.Pass("lock-held")
		l.file = file
		return l, errors.Join(file.Truncate(0), writePID(file))
	}
}

func writePID(file *os.File) error {
	_, err := fmt.Fprintln(file, os.Getpid())
	return err
}

// stale reports whether the last holder removed the file before this process locked
// it. Then another file is the lock, or none.
func stale(file *os.File, path string) bool {
	ours, err := file.Stat()
	if err != nil {
		return true
	}
	named, err := os.Stat(path)
	return err != nil || !os.SameFile(ours, named)
}

// Release removes the lock file, and then its folder if that is empty.
func (l *Lock) Release() error {
	failpoint.Pass("lock-leaving")
	_ = os.Remove(l.path) // while it is locked; a file that stays is harmless
	failpoint.Pass("lock-removed")
	_ = os.Remove(l.dir) // fails if partial files are in it
	failpoint.Pass("lock-gone")
	return l.file.Close()
}
