// Package outdir owns an output directory: its lock, its manifest, the claim on its
// files, and the files themselves. Nothing else opens them for writing.
package outdir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/lock"
	"grab/downloader/manifest"
	"grab/downloader/sink"
)

// Options say how a directory is used.
type Options struct {
	Durable bool // files, their names and their lines reach the disk before they count
}

// Dir is an output directory that this process has locked. It is a
// [downloader.Archive] and a [downloader.Journal].
type Dir struct {
	*sink.Files
	*manifest.Journal
	dir    string
	lock   *lock.Lock
	unsure bool // an image may be in its place without a line
}

// LockedError is an output directory that another grab works in.
type LockedError struct {
	Dir string
	PID string // of that grab; empty if it did not say
}

// Error names the directory and the process.
func (e *LockedError) Error() string {
	who := "another grab"
	if e.PID != "" {
		who += " (process " + e.PID + ")"
	}
	return fmt.Sprintf("%s is in use by %s", e.Dir, who)
}

// LockName is the lock's name in the state folder.
const LockName = lock.Name

// Lock keeps every other grab out of the directory dir until release is called. A
// directory that another grab works in is a [*LockedError].
func Lock(dir string) (release func() error, err error) {
	l, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	return l.Release, nil
}

func acquire(dir string) (*lock.Lock, error) {
	l, err := lock.Acquire(filepath.Join(dir, downloader.StateDir))
	if held, ok := errors.AsType[*lock.HeldError](err); ok {
		return nil, &LockedError{Dir: dir, PID: held.PID}
	}
	return l, err
}

// Open locks the directory dir, which it makes if it is missing, and reads what its
// manifest says of earlier runs. The caller closes it. The errors are
// [*LockedError], [*manifest.VersionError], and those of files.
func Open(dir string, o Options) (*Dir, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	l, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	d := &Dir{dir: dir, lock: l}
	if err := d.open(o); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// open reads the manifest and the names in the directory side by side, and opens
// the directory for the images of this run. It claims the directory if all images
// in it are grab's.
func (d *Dir) open(o Options) error {
	var here names
	var failed, err error
	var listing sync.WaitGroup
	listing.Go(func() { here, failed = readNames(d.dir) })
	d.Journal, err = manifest.Open(d.dir, o.Durable)
	listing.Wait()
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	resumed := claimed(d.dir)
	files := sink.Options{Durable: o.Durable, Fresh: d.Journal.Empty() && !resumed}
	if _, damaged := d.Damaged(); damaged == 0 && !resumed { // else not all that is grab's has a line
		files.Owned, files.Foreign = d.Owns, here.foreign(d.dir, d.Journal)
	}
	if d.Files, err = sink.NewFiles(d.dir, files); err != nil || files.Foreign {
		return err
	}
	return claim(d.dir, o.Durable)
}

// Observe keeps a result in the manifest.
func (d *Dir) Observe(r downloader.Result) {
	d.unsure = d.unsure || r.Class == downloader.ClassInternal // its file may be in its place
	d.Journal.Observe(r)
}

// Close writes what was observed, and releases the directory.
func (d *Dir) Close() error {
	var err error
	if d.Journal != nil {
		err = d.Journal.Close() // the claim must not go before the lines are on the disk
	}
	if d.Files != nil {
		err = errors.Join(err, d.Files.Close())
	}
	if err == nil && !d.unsure { // else there may be images without a line
		unclaim(d.dir)
	}
	return errors.Join(err, d.lock.Release())
}
