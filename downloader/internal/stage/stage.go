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

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/work"
)

// stageBuffer is how much of a body is hashed and written at a time, in bytes.
// Most images fit in: one write each.
const stageBuffer = 64 << 10

// stager makes staging files in the state folder of one output directory.
type Dir struct {
	dir     *os.Root // the output directory
	state   *os.Root // its state folder: kept open, since each file begins there
	folder  *os.File // the same, for createIn
	durable bool     // sealed files reach the disk
	buffers sync.Pool
	left    map[int]bool // indices that an earlier run left the beginnings of
}

// newStager opens dir, which must exist, and makes its state folder.
func New(dir string, durable bool) (*Dir, error) {
	s := &Dir{durable: durable}
	s.buffers.New = func() any { return &workspace{data: make([]byte, stageBuffer), hash: sha256.New()} }
	var err error
	if s.dir, err = os.OpenRoot(dir); err != nil {
		return nil, downloader.LocalFailure(err)
	}
	err = s.dir.Mkdir(downloader.StateDir, 0o777)
	if err == nil || errors.Is(err, fs.ErrExist) {
		s.state, err = s.dir.OpenRoot(downloader.StateDir)
	}
	if err == nil {
		s.folder, err = s.state.Open(".")
	}
	if err == nil {
		err = s.findLeft()
	}
	if err != nil {
		s.Close()
		return nil, downloader.LocalFailure(err)
	}
	return s, nil
}

func (s *Dir) Close() {
	if s.state != nil {
		s.folder.Close() // of nil: no panic
		s.state.Close()
	}
	s.dir.Close()
}

// create makes a staging file, or empties it.
func (s *Dir) create(name string) (*folder.File, error) {
	return folder.OpenIn(s.state, s.folder, name, os.O_CREATE|os.O_TRUNC)
}

// remove removes an item's staging file, if there is one.
func (s *Dir) Remove(index int) { _ = s.state.Remove(work.StagedName(index)) }

// removeState removes the state folder if it is empty. Only the parent does
// this, when no child is left.
func (s *Dir) RemoveState() { _ = s.dir.Remove(downloader.StateDir) }

// workspace is what a staging file needs while it grows, used again and again.
type workspace struct {
	data []byte
	hash hash.Hash
}

// staging is the file of one image in the making. It is hashed while it is
// written, and exists on disk from its first full buffer on.
type File struct {
	stager *Dir
	index  int
	file   *folder.File // nil until the first flush
	space  *workspace
	Fill   int   // bytes in space.data that are not written yet
	Size   int64 // bytes in all
}

func (s *Dir) Open(index int) *File {
	space := s.buffers.Get().(*workspace)
	space.hash.Reset()
	return &File{stager: s, index: index, space: space}
}

// free returns where the next bytes go. It is never empty.
func (s *File) Free() []byte { return s.space.data[s.Fill:] }

// head returns the start of the file, as long as nothing was written yet.
func (s *File) Head() []byte { return s.space.data[:s.Fill] }

// full reports whether the next byte needs a flush first.
func (s *File) Full() bool { return s.Fill == len(s.space.data) }

// add takes the first n bytes of free into the file.
func (s *File) Add(n int) {
	s.Fill += n
	s.Size += int64(n)
}

// flush hashes and writes what was added.
func (s *File) Flush() error {
	if s.file == nil {
		file, err := s.stager.create(work.StagedName(s.index))
		if err != nil {
			return err
		}
		s.file = file
		failpoint.Pass("stage-created")
	}
	chunk := s.Head()
	s.Fill = 0
	s.space.hash.Write(chunk)
	failpoint.Tear("stage-torn", s.file, chunk)
	_, err := s.file.Write(chunk)
	failpoint.Pass("stage-written")
	return err
}

// content returns all that was added, for reading; valid until the next call
// that changes the file.
func (s *File) Content() (io.ReaderAt, error) {
	if s.file == nil {
		return imagefile.Memory(s.Head()), nil
	}
	if err := s.Flush(); err != nil {
		return nil, err
	}
	return s.file, nil
}

// seal finishes the file and returns its SHA-256 in hexadecimal. The staging
// must not be used any more, but for discard after an error.
func (s *File) Seal() (string, error) {
	if s.Fill > 0 {
		if err := s.Flush(); err != nil {
			return "", err
		}
	}
	if s.stager.durable {
		if err := s.file.Sync(); err != nil {
			return "", err // and never tried again on this file: a later success would be a lie
		}
	}
	err := s.file.Close() // network file systems report a full disk here
	s.file = nil
	if err != nil {
		return "", err
	}
	failpoint.Pass("stage-sealed")
	sum := hex.EncodeToString(s.space.hash.Sum(nil))
	s.release()
	return sum, nil
}

// discard removes the file, whatever its state.
func (s *File) Discard() {
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
	s.stager.Remove(s.index) // it may not exist yet
	s.release()
}

func (s *File) release() {
	if s.space != nil {
		s.stager.buffers.Put(s.space)
		s.space = nil
	}
}
