// Package manifest keeps the journal of an output directory: one line of JSON
// for each finished image, appended to manifest.jsonl. For one index the last
// line counts. The journal is also what a later run knows of this one.
package manifest

import (
	"errors"
	"os"
	"path/filepath"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// Name is the manifest's name in the output directory.
const Name = "manifest.jsonl"

// bufferLimit is how much is kept back at most before it is written, in bytes.
const bufferLimit = 64 << 10

// Journal is the manifest of a directory that this process has locked. It is a
// [downloader.Journal]: lines that arrive together are written together.
type Journal struct {
	file    *os.File
	durable bool
	history history
	buf     []byte
	written bool  // a line, by this run
	err     error // the first one; nothing is written after it
}

// Open reads what the manifest in dir says of earlier runs, and makes it if it is
// missing. A last line without its end, torn by a crash, is dropped: its image
// counts as not fetched. With durable each flush reaches the disk. The errors are
// [*VersionError], and those of files.
func Open(dir string, durable bool) (*Journal, error) {
	file, err := os.OpenFile(filepath.Join(dir, Name), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file, durable: durable}
	if err = folder.Regular(file); err == nil {
		err = j.history.read(file)
	}
	if err == nil {
		failpoint.Pass("manifest-read")
		err = file.Truncate(j.history.end)
	}
	if err == nil {
		_, err = file.Seek(j.history.end, 0)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

// Lookup implements [downloader.Archive].
func (j *Journal) Lookup(item downloader.Item) (downloader.Earlier, bool) {
	return j.history.recall(item)
}

// HasEarlier implements [downloader.Archive].
func (j *Journal) HasEarlier() bool { return len(j.history.blocks) > 0 }

// Empty reports whether the manifest had no line when it was opened.
func (j *Journal) Empty() bool { return j.history.end == 0 }

// Owns reports whether the manifest has an image under that name of a file.
func (j *Journal) Owns(name string) bool { return j.history.owns(name) }

// Has reports whether the manifest has the image of an index with an extension.
func (j *Journal) Has(index int, ext string) bool { return j.history.holds(index, ext) }

// Damaged returns the numbers of up to ten lines inside the manifest that are
// damaged, and how many there are. They count as not written.
func (j *Journal) Damaged() (lines []int, total int) { return j.history.damaged, j.history.damage }

// Observe takes a result. An image that was interrupted is not finished and
// leaves no line; nor does one whose earlier line still holds, or that a panic left
// half way: its file may be in its place.
func (j *Journal) Observe(r downloader.Result) {
	if r.Class == downloader.ClassInternal || j.err != nil || r.Status == downloader.StatusCanceled || r.Status == downloader.StatusSkipped || r.AlreadyRecorded {
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

// Close writes what was observed. What this run has written reaches the disk.
func (j *Journal) Close() error {
	err := j.Flush()
	if j.written && err == nil {
		err = j.file.Sync()
	}
	return errors.Join(err, j.file.Close())
}
