// Package outdir owns an output directory: its lock, its manifest, the claim on its
// files, and the files themselves. Nothing else opens them for writing.
//
// No run deletes or replaces an image that was finished, but for the same URL, once
// its new image is complete. What is in the way of another image goes to the folder
// earlier, with its name and its record.
package outdir

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/lock"
	"grab/downloader/manifest"
	"grab/downloader/outdir/internal/foreign"
	"grab/downloader/sink"
)

// Dir is an output directory that this process has locked. It is a
// [downloader.Archive] and a [downloader.Journal].
type Dir struct {
	*manifest.Journal
	files *sink.Files
	opts  Options
	lock  *lock.Lock
	moves mover
	once  *once // nil: equal bytes may be stored twice

	rerun    bool // there are records or foreign files: names may be taken
	resumed  bool // the run before was killed, and all images with names by their places are grab's
	widely   bool // the same of images with any name
	unsure   bool // an image may be in its place without a line
	hadAlien bool // foreign files were there at the start

	mu      sync.Mutex     // of what follows, and of all changes of names once there are records
	foreign foreign.Places // files with names like grab's that are in no record
	strays  foreign.Strays // the same with any name of an image, those of foreign included; nil before widen
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
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	unlock, err := LockIn(root)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return func() error { return errors.Join(unlock(), root.Close()) }, nil
}

// LockIn is [Lock] for an open directory, which must stay open until release is called.
func LockIn(dir *os.Root) (release func() error, err error) {
	l, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	return l.Release, nil
}

func acquire(dir *os.Root) (*lock.Lock, error) {
	l, err := lock.Acquire(dir, downloader.StateDir)
	if held, ok := errors.AsType[*lock.HeldError](err); ok {
		return nil, &LockedError{Dir: dir.Name(), PID: held.PID}
	}
	return l, err
}

// Open locks the directory dir, which it makes if it is missing, and reads what its
// manifest says of earlier runs. The caller closes it. The errors are
// [*LockedError], [*manifest.VersionError], [*downloader.UsageError] for what is in
// the directory and cannot be used, and those of files.
//
// The directory's path is used once. From then on all is found from the open
// directory, wherever it is moved.
func Open(dir string, o Options) (*Dir, error) {
	files, err := sink.NewFiles(dir, o.Durable)
	if err != nil {
		return nil, err
	}
	l, err := acquire(files.Root())
	if err != nil {
		return nil, errors.Join(err, files.Close())
	}
	d := &Dir{lock: l, files: files, opts: o}
	if err := d.open(); err != nil {
		return nil, errors.Join(err, d.abandon())
	}
	return d, nil
}

// open reads the manifest and the names in the directory side by side, once moves
// that a killed run has left half way are done. It claims the directory if all
// images in it are grab's.
func (d *Dir) open() (err error) {
	root, state := d.files.Root(), d.lock.Folder
	d.moves = mover{files: d.files, state: state, durable: d.opts.Durable}
	if err := d.moves.finish(); err != nil {
		return err
	}
	var here foreign.Places
	var failed error
	var listing sync.WaitGroup
	listing.Go(func() { here, failed = foreign.ReadPlaces(root) })
	d.Journal, err = manifest.OpenIn(root, d.opts.Durable)
	listing.Wait()
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	d.moves.journal = d.Journal
	if d.opts.Dedupe {
		d.KeepSums()
		d.once = &once{placed: map[string]string{}}
	}
	if d.moves.earlier, err = countEarlier(root); err != nil {
		return err
	}
	d.foreign = here.Without(d.Owns)
	d.hadAlien = len(d.foreign) > 0
	if d.resumed, d.widely, err = claimed(d.files, state); err != nil {
		return err
	}
	d.rerun = d.Len() > 0 || d.hadAlien
	if !d.hadAlien || d.resumed { // else there can be no claim
		err = claim(state, claimText, d.resumed, d.opts.Durable)
	}
	if err == nil && (d.widely || d.opts.Adopt) {
		err = d.widen()
	}
	return err
}

// widen gets the directory ready for items with names of their own: it looks for foreign
// files in all folders, and claims the images in them if there are none.
func (d *Dir) widen() error {
	if d.strays != nil {
		return nil
	}
	found, err := foreign.FindStrays(d.files.Root(), func(name string) bool {
		_, _, byPlace := sink.ParseName(name) // those in no record are in foreign, or this run's
		return byPlace || d.OwnsName(name)
	})
	if err != nil {
		return err
	}
	narrow := d.hadAlien && !d.resumed || len(found) > 0 && !d.widely
	for name := range d.foreign.All() {
		found.Add(name)
	}
	d.strays = found
	text, ok := wideClaim(d.files)
	if narrow || !ok {
		return nil // there can be no claim
	}
	return claim(d.lock.Folder, text, d.widely, d.opts.Durable)
}

// HasEarlier implements [downloader.Archive].
func (d *Dir) HasEarlier() bool { return d.Len() > 0 || d.opts.Adopt && len(d.strays) > 0 }

// Observe keeps a result in the manifest.
func (d *Dir) Observe(r downloader.Result) {
	d.unsure = d.unsure || r.Class == downloader.ClassInternal // its file may be in its place
	if d.once == nil {
		d.Journal.Observe(r)
		return
	}
	d.mu.Lock() // a file that the journal knows may move
	defer d.mu.Unlock()
	d.Journal.Observe(r)
	d.once.observed(&r)
}

// Earlier returns how many images are in the folder earlier.
func (d *Dir) Earlier() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.moves.earlier
}

// Close writes what was observed, and releases the directory.
func (d *Dir) Close() error {
	err := d.setAsideUnknown()
	err = errors.Join(err, d.Journal.Close()) // the claim must not go before the lines are on the disk
	if err == nil {
		d.moves.cleanUp()
	}
	if err == nil && !d.unsure { // else there may be images without a line
		unclaim(d.lock.Folder)
	}
	return errors.Join(err, d.release())
}

// abandon releases a directory that could not be opened. It leaves what a killed run
// has left there.
func (d *Dir) abandon() (err error) {
	if d.Journal != nil {
		err = d.Journal.Close()
	}
	return errors.Join(err, d.release())
}

func (d *Dir) release() error { return errors.Join(d.lock.Release(), d.files.Close()) }

// setAsideUnknown moves what is left of a killed run without a record to the folder
// earlier. The next run would take it for foreign files.
func (d *Dir) setAsideUnknown() error {
	if !d.resumed || d.unsure || d.moves.err != nil {
		return nil
	}
	p := d.moves.newPlan()
	unknown := d.foreign.All()
	if d.widely {
		unknown = d.strays.All()
	}
	for name := range unknown {
		if err := p.unknownAside(name); err != nil {
			return err
		}
	}
	return d.moves.do(p.moves, nil)
}

// Release implements [downloader.Archive].
func (d *Dir) Release(ctx context.Context, e downloader.Earlier, name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	file := d.File(e.ID)
	if file == "" || file == name || d.moves.err != nil {
		return nil
	}
	if d.files.Exists(file) && !d.vouched(ctx, e, file) {
		if isEarlier(file) {
			return nil
		}
		return d.moves.setAsideUnknown(file)
	}
	if isEarlier(file) {
		d.moves.earlier--
	}
	if err := d.files.Remove(file); err != nil {
		return err
	}
	d.files.RemoveFolders(file)
	return nil
}

// vouched reports whether the file of a record is what grab wrote. Grab alone gives names
// by places. With any other name, a manifest that came with an archive may list a file
// that was there before: only the bytes tell.
func (d *Dir) vouched(ctx context.Context, e downloader.Earlier, file string) bool {
	if sink.IsImage(file) {
		return true
	}
	sum, err := d.files.Hash(ctx, file)
	return err == nil && sum == e.SHA256
}

// Validators implements [downloader.Archive].
func (d *Dir) Validators(e downloader.Earlier) (etag, lastModified string) {
	return d.Journal.Validators(e.ID)
}

// Check implements [downloader.Archive].
func (d *Dir) Check(ctx context.Context, e downloader.Earlier, hash bool) downloader.FileState {
	if state := d.check(ctx, e, hash); state == downloader.FileIntact && d.File(e.ID) == e.File {
		return state
	}
	d.mu.Lock() // it may be on its way to another name, of which the journal knows already
	defer d.mu.Unlock()
	e.File = d.File(e.ID)
	return d.check(ctx, e, hash)
}

func (d *Dir) check(ctx context.Context, e downloader.Earlier, hash bool) downloader.FileState {
	size, there := d.files.Size(e.File)
	switch {
	case !there:
		return downloader.FileMissing
	case size == e.Bytes && !hash:
		return downloader.FileIntact
	case size == e.Bytes:
		switch sum, err := d.files.Hash(ctx, e.File); {
		case err != nil: // it cannot be read
			return downloader.FileDamaged
		case sum == e.SHA256:
			return downloader.FileIntact
		}
	}
	if whole(ctx, d.files, e.File, size, d.opts) {
		return downloader.FileChanged
	}
	return downloader.FileDamaged
}
