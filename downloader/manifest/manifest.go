// Package manifest keeps the journal of an output directory: one line of JSON
// for each finished image, appended to manifest.jsonl. For one index the last
// line counts. The journal is also what a later run knows of this one.
package manifest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/sink"
)

// Name is the manifest's name in the output directory.
const Name = "manifest.jsonl"

// bufferLimit is how much is kept back at most before it is written, in bytes.
const bufferLimit = 64 << 10

// Journal is the manifest of a directory that this process has locked. It is a
// [downloader.Observer] and a [downloader.Flusher]: lines that arrive together
// are written together.
type Journal struct {
	Files *sink.Files // the directory's images

	// Recall returns what the manifest says of an item's index. It is meant for
	// [downloader.Deps], and safe for use by many goroutines. It is nil if the
	// manifest says nothing.
	Recall func(downloader.Item) (downloader.Record, bool)

	lock    *lock
	dir     string
	file    *os.File
	durable bool
	history history
	buf     []byte
	written bool  // a line, by this run
	unsure  bool  // an image may be in its place without a line
	err     error // the first one; nothing is written after it
}

// Open locks the output directory dir, which it makes if it is missing, and
// reads what its manifest says of earlier runs. A last line without its end, torn by a crash, is
// dropped: its image counts as not fetched. With durable each flush reaches the
// disk. The errors are [*LockedError], [*VersionError], and those of files.
func Open(dir string, durable bool) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	lock, err := acquire(dir)
	if err != nil {
		return nil, err
	}
	j := &Journal{lock: lock, dir: dir, durable: durable}
	j.file, err = os.OpenFile(filepath.Join(dir, Name), os.O_RDWR|os.O_CREATE, 0o666)
	if err == nil {
		err = regular(j.file)
	}
	var here names
	if err == nil {
		here, err = j.readAll()
	}
	if err == nil {
		failpoint.Pass("manifest-read")
		err = j.file.Truncate(j.history.end)
	}
	if err == nil {
		_, err = j.file.Seek(j.history.end, 0)
	}
	if err == nil {
		err = j.openFiles(here)
	}
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// readAll reads the manifest, and the names in the directory.
func (j *Journal) readAll() (here names, err error) {
	var failed error
	var listing sync.WaitGroup
	listing.Go(func() { here, failed = readNames(j.dir) })
	err = j.history.read(j.file)
	listing.Wait()
	if len(j.history.blocks) > 0 {
		j.Recall = j.history.recall
	}
	return here, errors.Join(err, failed)
}

// openFiles opens the directory for the images of this run, which claims it if all
// that are here are grab's.
func (j *Journal) openFiles(here names) (err error) {
	resumed := claimed(j.dir)
	o := sink.Options{Durable: j.durable, Fresh: j.history.end == 0 && !resumed}
	if j.history.damage == 0 && !resumed { // else not all that is grab's has a line
		o.Owned, o.Foreign = j.history.owns, here.strangers(j.dir, &j.history)
	}
	if j.Files, err = sink.NewFiles(j.dir, o); err != nil || o.Foreign {
		return err
	}
	return claim(j.dir, j.durable)
}

// regular refuses what reading could wait for: a FIFO, a device. Opened for
// reading and writing, as ours are, none of them waits for its other end.
func regular(file *os.File) error {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: file.Name(), Err: errors.New("not a regular file")}
	}
	return err
}

// Damaged returns the numbers of up to ten lines inside the manifest that are
// damaged, and how many there are. They count as not written.
func (j *Journal) Damaged() (lines []int, total int) { return j.history.damaged, j.history.damage }

// Observe takes a result. An image that was interrupted is not finished and
// leaves no line; nor does one whose earlier line still holds, or that a panic left
// half way: its file may be in its place.
func (j *Journal) Observe(r downloader.Result) {
	if r.Class == downloader.ClassInternal {
		j.unsure = true
		return
	}
	if j.err != nil || r.Status == downloader.StatusCanceled || r.Status == downloader.StatusSkipped || r.Standing {
		return
	}
	j.buf = appendLine(j.buf, &r)
	if len(j.buf) >= bufferLimit {
		_ = j.write()
	}
}

// Flush writes what was observed. Its error is the first of the journal's life.
func (j *Journal) Flush() error {
	if j.err == nil && len(j.buf) > 0 {
		_ = j.write()
		if j.err == nil && j.durable {
			j.err = j.file.Sync() // never tried again: a later success would be a lie
		}
	}
	return j.err
}

func (j *Journal) write() error {
	if j.err == nil {
		failpoint.Pass("manifest-begins")
		failpoint.Tear("manifest-torn", j.file, j.buf)
		j.written = true
		_, j.err = j.file.Write(j.buf)
		failpoint.Pass("manifest-written")
		j.buf = j.buf[:0]
	}
	return j.err
}

// Close writes what was observed, and releases the directory.
func (j *Journal) Close() error {
	var err error
	if j.file != nil {
		err = j.Flush()
		if j.written && err == nil {
			err = j.file.Sync() // the claim must not go before the lines are on the disk
		}
		err = errors.Join(err, j.file.Close())
	}
	if j.Files != nil {
		err = errors.Join(err, j.Files.Close())
	}
	if err == nil && !j.unsure { // else there may be images without a line
		unclaim(j.dir)
	}
	return errors.Join(err, j.lock.release())
}
