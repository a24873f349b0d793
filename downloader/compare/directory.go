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

// hold makes a directory if it is missing, and keeps other grabs out of it until
// release is called. One that another grab works in is a [*outdir.LockedError].
func hold(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, unusable(err)
	}
	release, err = outdir.Lock(dir)
	if _, locked := errors.AsType[*outdir.LockedError](err); err != nil && !locked {
		err = unusable(err)
	}
	return release, err
}

// checkDir makes a directory if it is missing, and refuses one that another grab
// works in, or that holds anything but what grab put there: comparing empties it.
func checkDir(dir string) error {
	release, err := hold(dir)
	if err != nil {
		return err
	}
	defer release()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return unusable(err)
	}
	for _, e := range entries {
		if !ours(e) {
			return unusable(fmt.Errorf("%s holds %s, which is not from grab: comparing would empty the directory; choose another with -out", dir, e.Name()))
		}
	}
	return nil
}

// clearDir removes what earlier runs put in dir, while nobody works in it.
func clearDir(dir string) error {
	release, err := hold(dir)
	if err != nil {
		return err
	}
	err = errors.Join(removeAll(dir, ours), removeAll(filepath.Join(dir, downloader.StateDir), func(e os.DirEntry) bool { return e.Name() != outdir.LockName }))
	return errors.Join(err, release())
}

// removeAll removes those of a directory's entries that may be removed, except
// the state folder, which has the lock.
func removeAll(dir string, may func(os.DirEntry) bool) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if may(e) && e.Name() != downloader.StateDir {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// ours reports whether grab made what has this name. A folder that is called
// like an image is not from grab.
func ours(e os.DirEntry) bool {
	if e.IsDir() {
		return e.Name() == downloader.StateDir
	}
	_, _, image := sink.ParseName(e.Name())
	return image || e.Name() == manifest.Name
}
