package compare

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"grab/downloader"
	"grab/downloader/manifest"
)

// DirError is an output directory that cannot be used. Nothing was fetched.
type DirError struct{ Err error }

func (e *DirError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DirError) Unwrap() error { return e.Err }

// checkDir makes a directory if it is missing, and refuses one that holds
// anything but what grab put there: comparing empties it.
func checkDir(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !ours(e) {
			return fmt.Errorf("%s holds %s, which is not from grab: comparing would empty the directory; choose another with -out", dir, e.Name())
		}
	}
	return nil
}

// clearDir removes what earlier runs put in dir.
func clearDir(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if ours(e) {
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
	_, _, image := downloader.ParseFileName(e.Name())
	return image || e.Name() == manifest.Name
}
