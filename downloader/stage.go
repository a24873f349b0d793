package downloader

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"

	"grab/downloader/imagefile"
	"grab/downloader/internal/failpoint"
)

// StateDir is the folder inside an output directory that holds what is not
// finished. Nothing in it outlives a clean run.
const StateDir = ".grab"

// stageBuffer is how much of a body is hashed and written at a time, in bytes.
// Most images fit in: one write each.
const stageBuffer = 64 << 10

// stagedSuffix ends the names of staging files.
const stagedSuffix = ".part"

// stagedName is the name of an item's staging file in the state folder. It
// follows from the index, so a parent can clear up after a child.
func stagedName(index int) string { return strconv.Itoa(index) + stagedSuffix }

// stager makes staging files in the state folder of one output directory.
type stager struct {
	dir     *os.Root // the output directory
	state   *os.Root // its state folder: kept open, since each file begins there
	folder  *os.File // the same, for createIn
	durable bool     // sealed files reach the disk
	buffers sync.Pool
	left    map[int]bool // indices that an earlier run left the beginnings of
}

// newStager opens dir, which must exist, and makes its state folder.
func newStager(dir string, durable bool) (*stager, error) {
	s := &stager{durable: durable}
	s.buffers.New = func() any { return &workspace{data: make([]byte, stageBuffer), hash: sha256.New()} }
	var err error
	if s.dir, err = os.OpenRoot(dir); err != nil {
		return nil, localFailure(err)
	}
	err = s.dir.Mkdir(StateDir, 0o777)
	if err == nil || errors.Is(err, fs.ErrExist) {
		s.state, err = s.dir.OpenRoot(StateDir)
	}
	if err == nil {
		s.folder, err = s.state.Open(".")
	}
	if err == nil {
		err = s.findLeft()
	}
	if err != nil {
		s.close()
		return nil, localFailure(err)
	}
	return s, nil
}

func (s *stager) close() {
	if s.state != nil {
		s.folder.Close() // of nil: no panic
		s.state.Close()
	}
	s.dir.Close()
}

// create makes a staging file, or empties it.
func (s *stager) create(name string) (*partFile, error) {
	return openIn(s.state, s.folder, name, os.O_CREATE|os.O_TRUNC)
}

// remove removes an item's staging file, if there is one.
func (s *stager) remove(index int) { _ = s.state.Remove(stagedName(index)) }

// removeState removes the state folder if it is empty. Only the parent does
// this, when no child is left.
func (s *stager) removeState() { _ = s.dir.Remove(StateDir) }

// workspace is what a staging file needs while it grows, used again and again.
type workspace struct {
	data []byte
	hash hash.Hash
}

// staging is the file of one image in the making. It is hashed while it is
// written, and exists on disk from its first full buffer on.
type staging struct {
	stager *stager
	index  int
	file   *partFile // nil until the first flush
	space  *workspace
	fill   int   // bytes in space.data that are not written yet
	size   int64 // bytes in all
}

func (s *stager) open(index int) *staging {
	space := s.buffers.Get().(*workspace)
	space.hash.Reset()
	return &staging{stager: s, index: index, space: space}
}

// free returns where the next bytes go. It is never empty.
func (s *staging) free() []byte { return s.space.data[s.fill:] }

// head returns the start of the file, as long as nothing was written yet.
func (s *staging) head() []byte { return s.space.data[:s.fill] }

// full reports whether the next byte needs a flush first.
func (s *staging) full() bool { return s.fill == len(s.space.data) }

// add takes the first n bytes of free into the file.
func (s *staging) add(n int) {
	s.fill += n
	s.size += int64(n)
}

// flush hashes and writes what was added.
func (s *staging) flush() error {
	if s.file == nil {
		file, err := s.stager.create(stagedName(s.index))
		if err != nil {
			return err
		}
		s.file = file
		failpoint.Pass("stage-created")
	}
	chunk := s.head()
	s.fill = 0
	s.space.hash.Write(chunk)
	failpoint.Tear("stage-torn", s.file, chunk)
	_, err := s.file.Write(chunk)
	failpoint.Pass("stage-written")
	return err
}

// content returns all that was added, for reading; valid until the next call
// that changes the file.
func (s *staging) content() (io.ReaderAt, error) {
	if s.file == nil {
		return imagefile.Memory(s.head()), nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	return s.file, nil
}

// seal finishes the file and returns its SHA-256 in hexadecimal. The staging
// must not be used any more, but for discard after an error.
func (s *staging) seal() (string, error) {
	if s.fill > 0 {
		if err := s.flush(); err != nil {
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
func (s *staging) discard() {
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
	s.stager.remove(s.index) // it may not exist yet
	s.release()
}

func (s *staging) release() {
	if s.space != nil {
		s.stager.buffers.Put(s.space)
		s.space = nil
	}
}
