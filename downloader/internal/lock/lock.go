// Package lock lets one process at a time use a directory.
package lock

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// Name is the name of the lock file in its folder.
const Name = "lock"

// HeldError says that another process holds the lock.
type HeldError struct {
	PID string // of that process, in digits; empty if the lock file does not say
}

// Error names the process, if it is known.
func (e *HeldError) Error() string {
	if e.PID == "" {
		return "held by another process"
	}
	return "held by process " + e.PID
}

// Lock is a locked file in a folder of its own. The system releases the lock when the
// process ends. Child processes do not inherit it. It holds wherever the directory is
// moved, since nothing is found by its path again.
type Lock struct {
	Folder *folder.Folder // the lock's; open until Release

	file   *os.File
	parent *os.Root
	name   string // of Folder in parent
}

// Acquire locks the folder called name in parent, which it makes if it is missing. It
// does not wait. If another process holds the lock, the error is a [*HeldError]. The
// parent stays open until Release.
func Acquire(parent *os.Root, name string) (*Lock, error) {
	for {
		l := &Lock{parent: parent, name: name}
		err := l.try()
		if err == nil {
			return l, nil
		}
		_ = l.close()
		if err != errReleased {
			return nil, err
		}
	}
}

// errReleased says that the last holder has removed the file meanwhile.
var errReleased = errors.New("released meanwhile")

func (l *Lock) try() (err error) {
	if l.Folder, err = folder.MakeIn(l.parent, l.name); err != nil {
		return err
	}
	failpoint.Pass("lock-folder")
	l.file, err = folder.OpenRegular(l.Folder.Root, Name, os.O_RDWR|os.O_CREATE)
	if errors.Is(err, fs.ErrNotExist) {
		return errReleased
	}
	if err != nil {
		return err
	}
	failpoint.Pass("lock-made")
	locked, err := tryLock(l.file)
	if err != nil {
		return err
	}
	if !locked {
		return &HeldError{PID: readPID(l.file)}
	}
	if !l.named() {
		return errReleased
	}
	failpoint.Pass("lock-held")
	return errors.Join(l.file.Truncate(0), writePID(l.file))
}

func writePID(file *os.File) error {
	_, err := fmt.Fprintln(file, os.Getpid())
	return err
}

// readPID returns the process ID that a lock file holds, or "" if it holds anything
// else: whoever made the file chose its content.
func readPID(file *os.File) string {
	var text [32]byte
	n, err := file.ReadAt(text[:], 0)
	pid, parseErr := strconv.ParseUint(strings.TrimSpace(string(text[:n])), 10, 32)
	if err != io.EOF || parseErr != nil {
		return ""
	}
	return strconv.FormatUint(pid, 10)
}

// named reports whether the locked file still has its name. After another process has
// removed it, another file is the lock, or none.
func (l *Lock) named() bool {
	ours, err := l.file.Stat()
	if err != nil {
		return false
	}
	named, err := l.Folder.Lstat(Name)
	return err == nil && os.SameFile(ours, named)
}

// Release removes the lock file, and then its folder if that is empty. A folder that
// has taken its place, as after a move of the directory, is not touched.
func (l *Lock) Release() error {
	failpoint.Pass("lock-leaving")
	if l.named() {
		_ = l.Folder.Remove(Name) // while it is locked; a file that stays is harmless
	}
	failpoint.Pass("lock-removed")
	err := l.file.Close() // some file systems of Windows keep its name until then
	if l.inParent() {
		_ = l.parent.Remove(l.name) // fails if partial files are in it
	}
	failpoint.Pass("lock-gone")
	return errors.Join(err, l.Folder.Close())
}

// inParent reports whether the folder still has its name in the parent.
func (l *Lock) inParent() bool {
	ours, err := l.Folder.Stat(".")
	if err != nil {
		return false
	}
	named, err := l.parent.Lstat(l.name)
	return err == nil && os.SameFile(ours, named)
}

func (l *Lock) close() (err error) {
	if l.file != nil {
		err = l.file.Close()
	}
	if l.Folder != nil {
		err = errors.Join(err, l.Folder.Close())
	}
	return err
}
