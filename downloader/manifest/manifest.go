// Package manifest keeps the journal of an output directory: one line of JSON
// for each finished image, appended to manifest.jsonl. For one index the last
// line counts.
package manifest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"grab/downloader"
)

// Name is the manifest's name in the output directory.
const Name = "manifest.jsonl"

// bufferLimit is how much is kept back at most before it is written, in bytes.
const bufferLimit = 64 << 10

// Journal appends results to a manifest. It is a [downloader.Observer] and a
// [downloader.Flusher]: lines that arrive together are written together.
type Journal struct {
	file *os.File
	buf  []byte
	err  error // the first one; nothing is written after it
}

// Open opens the manifest of dir, which must exist, for appending. A last line
// without its end, torn by a crash, is dropped: its image counts as not fetched.
func Open(dir string) (*Journal, error) {
	file, err := os.OpenFile(filepath.Join(dir, Name), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if err := dropTornTail(file); err != nil {
		file.Close()
		return nil, err
	}
	return &Journal{file: file}, nil
}

// dropTornTail truncates file after its last newline, and leaves it there.
func dropTornTail(file *os.File) error {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	end := size
	block := make([]byte, bufferLimit)
	for end > 0 {
		part := block[:min(end, int64(len(block)))]
		if _, err := file.ReadAt(part, end-int64(len(part))); err != nil {
			return err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			end -= int64(len(part) - i - 1)
			break
		}
		end -= int64(len(part))
	}
	if end < size {
		if err := file.Truncate(end); err != nil {
			return err
		}
	}
	_, err = file.Seek(end, io.SeekStart)
	return err
}

// Observe takes a result. An image that was interrupted is not finished and
// leaves no line; one that was complete before has its line already.
func (j *Journal) Observe(r downloader.Result) {
	if j.err != nil || r.Status == downloader.StatusCanceled || r.Status == downloader.StatusSkipped {
		return
	}
	j.buf, j.err = r.AppendJSON(j.buf, "")
	if len(j.buf) >= bufferLimit {
		_ = j.Flush()
	}
}

// Flush writes what was observed. Its error is the first of the journal's life.
func (j *Journal) Flush() error {
	if j.err == nil && len(j.buf) > 0 {
		_, j.err = j.file.Write(j.buf)
		j.buf = j.buf[:0]
	}
	return j.err
}

// Close writes what was observed, and closes the manifest.
func (j *Journal) Close() error {
	err := j.Flush()
	if closeErr := j.file.Close(); err == nil {
		err = closeErr
	}
	return err
}
