package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"sync"

	"grab/downloader/imagefile"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/work"
)

// bufferSize is how much of a body is hashed and written at a time, in bytes.
// Most images fit in, and so need one write.
const bufferSize = 64 << 10

// smallSize is the size of the buffer for an image that is known to be shorter.
const smallSize = 16 << 10

// workspace is what a staging file needs while it grows. Files reuse it.
type workspace struct {
	data []byte
	hash hash.Hash
}

func newWorkspace(size int) *workspace {
	return &workspace{data: make([]byte, size), hash: sha256.New()}
}

// File is the staging file of one image. It is hashed while it is written, and
// exists on disk from its first full buffer on.
type File struct {
	folder  *folder.Folder // where the file is
	durable bool           // Seal makes the file reach the disk
	spaces  *sync.Pool     // of *workspace

	index int
	file  *folder.File // nil until the first flush
	space *workspace
	Fill  int   // bytes in space.data that are not written yet
	Size  int64 // bytes in all
}

// Free returns the buffer for the next bytes. It is empty if the file is full.
func (f *File) Free() []byte { return f.space.data[f.Fill:] }

// Head returns the start of the file, as long as nothing was written yet.
func (f *File) Head() []byte { return f.space.data[:f.Fill] }

// Full reports whether the next byte needs a flush first.
func (f *File) Full() bool { return f.Fill == len(f.space.data) }

// Add adds the first n bytes of Free to the file.
func (f *File) Add(n int) {
	f.Fill += n
	f.Size += int64(n)
}

// Flush hashes and writes what was added.
func (f *File) Flush() error {
	if f.file == nil {
		file, err := f.create()
		if err != nil {
			return err
		}
		f.file = file
		failpoint.Pass("stage-created")
	}
	chunk := f.Head()
	f.Fill = 0
	f.space.hash.Write(chunk)
	failpoint.Tear("stage-torn", f.file, chunk)
	_, err := f.file.Write(chunk)
	failpoint.Pass("stage-written")
	return err
}

// create makes the file on disk. What has its name is emptied if grab may have left it,
// and otherwise removed: it may be a second name of another file.
func (f *File) create() (*folder.File, error) {
	name := work.StagedName(f.index)
	file, err := f.folder.OpenFile(name, os.O_CREATE|os.O_EXCL)
	if !errors.Is(err, fs.ErrExist) {
		return file, err
	}
	if folder.Writable(f.folder.Root, name) == nil {
		return f.folder.OpenFile(name, os.O_TRUNC)
	}
	if err := f.folder.Remove(name); err != nil {
		return nil, err
	}
	return f.folder.OpenFile(name, os.O_CREATE|os.O_EXCL)
}

// Content returns all that was added, for reading. It is valid until the next call
// that changes the file.
func (f *File) Content() (io.ReaderAt, error) {
	if f.file == nil {
		return imagefile.Memory(f.Head()), nil
	}
	if err := f.Flush(); err != nil {
		return nil, err
	}
	return f.file, nil
}

// Seal finishes the file and returns its SHA-256 in hexadecimal. The file must not
// be used any more, except that it must be discarded after an error.
func (f *File) Seal() (string, error) {
	if f.Fill > 0 {
		if err := f.Flush(); err != nil {
			return "", err
		}
	}
	if f.durable {
		// After an error, Sync is never tried again on this file: a second call
		// could report a success although the data is lost.
		if err := f.file.Sync(); err != nil {
			return "", err
		}
	}
	err := f.file.Close() // network file systems report a full disk here
	f.file = nil
	if err != nil {
		return "", err
	}
	failpoint.Pass("stage-sealed")
	sum := f.sum()
	f.release()
	return sum, nil
}

// sum returns the SHA-256 of what was written, in hexadecimal.
func (f *File) sum() string { return hex.EncodeToString(f.space.hash.Sum(nil)) }

// Discard removes the file, whatever its state.
func (f *File) Discard() {
	if f.file != nil {
		_ = f.file.Close()
		f.file = nil
	}
	_ = f.folder.Remove(work.StagedName(f.index)) // it may not exist yet
	f.release()
}

// release returns the workspace, so that another file can use it.
func (f *File) release() {
	if f.space != nil {
		f.spaces.Put(f.space)
		f.space = nil
	}
}
