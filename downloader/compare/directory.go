package compare

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"grab/downloader"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
	"grab/downloader/sink"
)

// unusable returns the error for an output directory that cannot be used.
func unusable(err error) error { return &downloader.UsageError{Source: "-out", Err: err} }

// lockDir creates a directory if it is missing, and locks it until release is called. If another
// grab has locked it, the error is a [*outdir.LockedError].
func lockDir(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, unusable(err)
	}
	release, err = outdir.Lock(dir)
	if _, locked := errors.AsType[*outdir.LockedError](err); err != nil && !locked {
		err = unusable(err)
	}
	return release, err
}

// checkDir creates a directory if it is missing. It refuses one that another grab has locked, and
// one with files that grab did not make, because comparing empties the directory.
func checkDir(dir string) error {
	release, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer func() { _ = release() }()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unusable(err)
	}
	for _, e := range entries {
		if !madeByGrab(e) {
			return unusable(fmt.Errorf("%s holds %s, which is not from grab: comparing would empty the directory; choose another with -out", dir, e.Name()))
		}
	}
	return nil
}

// clearDir removes the files of earlier runs from dir, while it holds the lock.
func clearDir(dir string) error {
	release, err := lockDir(dir)
	if err != nil {
		return err
	}
	notLock := func(e os.DirEntry) bool { return e.Name() != outdir.LockName }
	err = errors.Join(removeAll(dir, madeByGrab), removeAll(filepath.Join(dir, downloader.StateDir), notLock))
	return errors.Join(err, release())
}

// removeAll removes the entries of a directory that match, except the state folder, which has the
// lock.
func removeAll(dir string, match func(os.DirEntry) bool) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if match(e) && e.Name() != downloader.StateDir {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// madeByGrab reports whether grab made the entry. A folder with the name of an image is not from
// grab.
func madeByGrab(e os.DirEntry) bool {
	if e.IsDir() {
		return e.Name() == downloader.StateDir
	}
	_, _, image := sink.ParseName(e.Name())
	return image || e.Name() == manifest.Name
}
