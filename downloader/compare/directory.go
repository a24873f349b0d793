package compare

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
	"grab/downloader/report"
	"grab/downloader/sink"
)

// lockDir creates a directory if it is missing, and locks it until release is called. If another
// grab has locked it, the error is a [*outdir.LockedError].
func lockDir(dir string) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, unusable(err)
	}
	release, err = outdir.Lock(dir)
	return release, inUse(err)
}

// inUse returns the error of locking a directory.
func inUse(err error) error {
	if _, locked := errors.AsType[*outdir.LockedError](err); err != nil && !locked {
		return unusable(err)
	}
	return err
}

// checkDir creates a contender's directory if it is missing. It refuses one that another grab has
// locked, one that is a link, and one with files that grab did not make, because comparing empties
// the directory.
func (p *Plan) checkDir(c report.Contender) error {
	if p.program(c) != nil {
		dir, err := openLeft(p.Out, p.dir(c))
		if err != nil {
			return err
		}
		return errors.Join(dir.check(), dir.close())
	}
	return p.withDir(c, func(dir *folder.Folder) error {
		entries, err := fs.ReadDir(dir.FS(), ".")
		if err != nil {
			return unusable(err)
		}
		for _, e := range entries {
			if !madeByGrab(e) {
				return unusable(fmt.Errorf("%s holds %s, which is not from grab: comparing would empty the directory; choose another with -out", dir.Name(), e.Name()))
			}
		}
		return nil
	})
}

// clearDir removes the files of earlier runs from a contender's directory, while it holds the lock.
func (p *Plan) clearDir(c report.Contender) error {
	return p.withDir(c, func(dir *folder.Folder) error {
		state, err := folder.OpenIn(dir.Root, downloader.StateDir)
		if err != nil {
			return unusable(err)
		}
		notLock := func(e os.DirEntry) bool { return e.Name() != outdir.LockName }
		return errors.Join(removeAll(dir.Root, madeByGrab), removeAll(state.Root, notLock), state.Close())
	})
}

// withDir calls do with a contender's directory, which it creates if it is missing and locks. It
// must be a folder in the output directory: a link could lead to an album.
func (p *Plan) withDir(c report.Contender, do func(*folder.Folder) error) error {
	out, err := os.OpenRoot(p.Out)
	if err != nil {
		return unusable(err)
	}
	defer func() { _ = out.Close() }()
	dir, err := folder.MakeIn(out, filepath.Base(p.dir(c)))
	if err != nil {
		return unusable(err)
	}
	defer func() { _ = dir.Close() }()
	release, err := outdir.LockIn(dir.Root)
	if err != nil {
		return inUse(err)
	}
	return errors.Join(do(dir), release())
}

// removeAll removes the entries of a directory that match, except the state folder, which has the
// lock.
func removeAll(dir *os.Root, match func(os.DirEntry) bool) error {
	entries, err := fs.ReadDir(dir.FS(), ".")
	for _, e := range entries {
		if match(e) && e.Name() != downloader.StateDir {
			err = errors.Join(err, dir.RemoveAll(e.Name()))
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
