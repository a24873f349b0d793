// Package manifest keeps the journal of an output directory: one line of JSON for
// each image that is finished or has failed, appended to manifest.jsonl. The last
// line of a URL counts. The journal is also what a later run knows of this one.
package manifest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// Name is the manifest's name in the output directory.
const Name = "manifest.jsonl"

// bufferLimit is how much is kept back at most before it is written, in bytes.
const bufferLimit = 64 << 10

// Journal is the manifest of a directory that this process has locked. It is a
// [downloader.Journal]: lines that arrive together are written together. Its
// methods may be called from many goroutines at once.
type Journal struct {
	file    *os.File
	durable bool

	mu      sync.Mutex
	history history
	sums    sums // nil without KeepSums
	buf     []byte
	size    int64 // of the file
	written bool  // a line, by this run
	err     error // the first one; nothing is written after it
}

// Open is [OpenIn] for the directory of that path.
func Open(dir string, durable bool) (*Journal, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	j, err := OpenIn(root, durable)
	return j, errors.Join(err, root.Close())
}

// OpenIn reads what the manifest in dir says of earlier runs, and makes it if it is
// missing. A last line without its end, torn by a crash, is dropped: its image
// counts as not fetched. If most lines are superseded by others, they are removed
// first, if there is room for that. With durable each flush reaches the disk. The
// errors are [*VersionError], [*downloader.UsageError] for a manifest that is a link
// or has a second name, and those of files.
func OpenIn(dir *os.Root, durable bool) (*Journal, error) {
	j, err := openJournal(dir, durable)
	if err != nil || !j.history.worthCompacting() {
		return j, err
	}
	if err := writeCompacted(dir, j.file, j.history.offsets()); err != nil {
		return j, nil // the long one will do
	}
	if err := j.file.Close(); err != nil { // some systems replace no file that is open
		return nil, err
	}
	if err := putCompacted(dir, Name, durable); err != nil {
		return nil, err
	}
	return openJournal(dir, durable)
}

func openJournal(dir *os.Root, durable bool) (*Journal, error) {
	file, err := folder.OpenRegular(dir, Name, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	j := &Journal{file: file, durable: durable}
	if err := j.read(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

// read takes in the file, and drops a line without its end.
func (j *Journal) read() error {
	if err := j.history.read(j.file); err != nil {
		return err
	}
	failpoint.Pass("manifest-read")
	if err := j.file.Truncate(j.history.end); err != nil {
		return err
	}
	j.size = j.history.end
	_, err := j.file.Seek(j.size, 0)
	return err
}

// Memory returns about how much [Open] will keep of a directory's manifest, in bytes.
func Memory(dir string) int64 {
	info, err := os.Lstat(filepath.Join(dir, Name))
	if err != nil {
		return 0
	}
	return info.Size() / lineSize * keptSize
}

// Len returns how many records there are from earlier runs.
func (j *Journal) Len() int { return j.history.live }

// Damaged returns the numbers of up to ten lines inside the manifest that are
// damaged, and how many there are. They count as not written.
func (j *Journal) Damaged() (lines []int, total int) { return j.history.damaged, j.history.damage }

// Owns reports whether an earlier run's record has the file with the name of an
// index and that extension.
func (j *Journal) Owns(index int, ext string) bool { return j.history.owns(index, ext) }

// OwnsName reports whether an earlier run's record has the file of that name.
func (j *Journal) OwnsName(name string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.history.ownsName(name)
}

// Claim returns the record of an item's URL that fits best and that no other item
// has claimed: the one of the same index, or else a finished one.
func (j *Journal) Claim(item downloader.Item) (downloader.Earlier, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	id, ok := j.history.claim(item)
	if !ok {
		return downloader.Earlier{}, false
	}
	return j.history.earlier(id), true
}

// Occupant returns the record whose file has the name of an index, whatever its
// extension, and the index of the item that has claimed it, or -1.
func (j *Journal) Occupant(index int) (e downloader.Earlier, claimer int, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	id, ok := j.history.occupant(index)
	return j.occupied(id, ok)
}

// OccupantNamed is [Journal.Occupant] for files with a name but for its extension. Names
// that differ in case alone are one.
func (j *Journal) OccupantNamed(stem string) (e downloader.Earlier, claimer int, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	id, ok := j.history.owner(stem)
	return j.occupied(id, ok)
}

func (j *Journal) occupied(id uint32, ok bool) (downloader.Earlier, int, bool) {
	if !ok {
		return downloader.Earlier{}, -1, false
	}
	return j.history.earlier(id), int(j.history.at(id).taken) - 1, true
}

// File returns the name that the file of a record has now.
func (j *Journal) File(id int) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.history.file(uint32(id))
}

// Relocate gives a record another file name, and another index and line of the list
// if number is not negative. It returns the line that says so, with its newline,
// which the caller has to [Journal.Append].
func (j *Journal) Relocate(id, index, number int, file string) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	old, err := j.line(uint32(id))
	if err != nil {
		return nil, err
	}
	line, err := relocated(old, index, number, file)
	if err == nil {
		err = j.history.move(uint32(id), index, number >= 0, file)
	}
	return line, err
}

// Forget drops a record whose file is gone.
func (j *Journal) Forget(id int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.history.vacate(uint32(id))
}

// KeepSums makes [Journal.FileWith] find files, those of earlier runs as well.
func (j *Journal) KeepSums() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sums = sumsOf(&j.history)
}

// FileWith returns the name of a file whose bytes have that SHA-256, in hexadecimal, as far
// as the records say. Somebody may have changed it.
func (j *Journal) FileWith(sum string) (file string, ok bool) {
	want, ok := parseSum(sum)
	if !ok {
		return "", false
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	at, ok := j.sums[sumStart(want)]
	switch {
	case !ok:
		return "", false
	case at < 0:
		id := uint32(-1 - at)
		file = j.history.file(id)
		return file, file != "" && j.history.at(id).sum == want
	case at >= j.size:
		j.write()
	}
	line, err := lineAt(j.file, at)
	if err != nil {
		return "", false
	}
	e, err := parseLine(line)
	return string(e.file), err == nil && e.sum == want
}

// Validators returns the ETag and the Last-Modified of a record.
func (j *Journal) Validators(id int) (etag, lastModified string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	line, err := j.line(uint32(id))
	if err != nil {
		return "", "" // then the image is fetched
	}
	f := fields{rest: line}
	etag = string(f.text(`,"etag":`))
	lastModified = string(f.text(`,"last_modified":`))
	if f.bad {
		return "", ""
	}
	return etag, lastModified
}

// line returns the line of a record, without its newline.
func (j *Journal) line(id uint32) ([]byte, error) { return lineAt(j.file, j.history.at(id).offset) }

// Append writes whole lines.
func (j *Journal) Append(lines []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.buf = append(j.buf, lines...)
	}
	return j.flush()
}

// Observe takes a result. An image that was interrupted is not finished and
// leaves no line; nor does one whose earlier line still holds, or that a panic left
// half way: its file may be in its place.
func (j *Journal) Observe(r downloader.Result) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r.Class == downloader.ClassInternal || j.err != nil || r.Status == downloader.StatusCanceled || r.AlreadyRecorded {
		return
	}
	number := uint32(0)
	if r.Record > 0 {
		number = j.history.at(uint32(r.Record - 1)).number
	} else {
		number = j.history.newNumber(r.Item)
	}
	if j.sums != nil && r.SameAs == "" { // else the file that it shares its bytes with is there
		j.sums.note(r.SHA256, j.size+int64(len(j.buf)))
	}
	j.buf = appendLine(j.buf, &r, number)
	if len(j.buf) >= bufferLimit {
		j.write()
	}
}

// Flush writes what was observed. Its error is the first of the journal's life.
func (j *Journal) Flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.flush()
}

func (j *Journal) flush() error {
	if j.err == nil && len(j.buf) > 0 {
		j.write()
		if j.err == nil && j.durable {
			j.err = j.file.Sync() // never tried again: a later success would be a lie
		}
	}
	return j.err
}

func (j *Journal) write() {
	if j.err == nil {
		failpoint.Pass("manifest-begins")
		failpoint.Tear("manifest-torn", j.file, j.buf)
		j.written = true
		_, j.err = j.file.Write(j.buf)
		j.size += int64(len(j.buf))
		failpoint.Pass("manifest-written")
		j.buf = j.buf[:0]
	}
}

// Close writes what was observed. What this run has written reaches the disk.
func (j *Journal) Close() error {
	err := j.Flush()
	if j.written && err == nil {
		err = j.file.Sync()
	}
	return errors.Join(err, j.file.Close())
}
