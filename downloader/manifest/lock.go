package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
)

// LockName is the lock's name in the state folder.
const LockName = "lock"

// LockedError is an output directory that another grab works in.
type LockedError struct {
	Dir string
	PID string // of that grab; empty if it did not say
}

func (e *LockedError) Error() string {
	who := "another grab"
	if e.PID != "" {
		who += " (process " + e.PID + ")"
	}
	return fmt.Sprintf("%s is in use by %s", e.Dir, who)
}

// lock is a locked file in the state folder. The system drops it with the
// process that holds it, and children do not inherit it.
type lock struct {
	file *os.File
	path string
	dir  string
}

// Hold locks the directory dir as a [Journal] does that works in it, or returns a
// [*LockedError].
func Hold(dir string) (release func() error, err error) {
	l, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	return l.release, nil
}

// acquire locks the directory dir, or returns a [*LockedError].
func acquire(dir string) (*lock, error) {
	state := filepath.Join(dir, downloader.StateDir)
	l := &lock{dir: state, path: filepath.Join(state, LockName)}
	for {
		if err := os.Mkdir(state, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		failpoint.Pass("lock-folder")
		file, err := os.OpenFile(l.path, os.O_RDWR|os.O_CREATE, 0o666)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the holder removed the folder in between
		}
		if err != nil {
			return nil, err
		}
		if err := regular(file); err != nil {
			file.Close()
			return nil, err
		}
		failpoint.Pass("lock-made")
		locked, err := tryLock(file)
		if err != nil || !locked {
			pid, _ := os.ReadFile(l.path)
			file.Close()
			if err != nil {
				return nil, err
			}
			return nil, &LockedError{Dir: dir, PID: strings.TrimSpace(string(pid))}
		}
		if stale(file, l.path) {
			file.Close()
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

// stale reports whether the last holder has removed the file that we have just
// locked: the lock then is another file, or none.
func stale(file *os.File, path string) bool {
	ours, err := file.Stat()
	if err != nil {
		return true
	}
	named, err := os.Stat(path)
	return err != nil || !os.SameFile(ours, named)
}

// release removes the lock, and the state folder if that is empty then.
func (l *lock) release() error {
	failpoint.Pass("lock-leaving")
	_ = os.Remove(l.path) // while it is locked; if that fails it is a file that means nothing
	failpoint.Pass("lock-removed")
	_ = os.Remove(l.dir) // not empty: partial files that are worth keeping
	failpoint.Pass("lock-gone")
	return l.file.Close()
}
