package stage

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/work"
)

// The beginning of an image that a run has left stays in the state folder: its
// staging file, and beside it a file that says what it is the beginning of. A
// staging file alone is worth nothing.

// part is the beginning of an image that an attempt has left, and what it takes
// to ask for the rest. It is kept only with a strong validator: without one the
// rest could be of another version (RFC 9110 sections 13.1.5 and 14).
type Part struct {
	URL       string `json:"url"`       // as results show it
	Validator string `json:"validator"` // of the version: a strong entity tag, or a date
	Total     int64  `json:"total"`     // bytes of the whole image; -1: not known
	Size      int64  `json:"size"`      // bytes that are there
	SHA256    string `json:"sha256"`    // of these bytes
}

// leftSuffix ends the names of the files that describe a beginning.
const leftSuffix = ".resume"

func leftName(index int) string { return strconv.Itoa(index) + leftSuffix }

// findLeft looks for beginnings.
func (s *Dir) findLeft() error {
	names, err := fs.Glob(s.state.FS(), "*"+leftSuffix)
	s.left = make(map[int]bool, len(names))
	for _, name := range names {
		if index, err := strconv.Atoi(strings.TrimSuffix(name, leftSuffix)); err == nil {
			s.left[index] = true
		}
	}
	return err
}

// clear removes what a run that was killed left behind, and with all set also
// what could be resumed. Only the parent does this, while nothing is staged.
func (s *Dir) Clear(all bool) error {
	if all {
		s.left = nil
	}
	var failures []error
	for _, suffix := range []string{work.StagedSuffix, leftSuffix} {
		names, err := fs.Glob(s.state.FS(), "*"+suffix)
		failures = append(failures, err)
		for _, name := range names {
			index, err := strconv.Atoi(strings.TrimSuffix(name, suffix))
			if err != nil || !s.left[index] {
				failures = append(failures, s.state.Remove(name))
			}
		}
	}
	return errors.Join(failures...)
}

// leave seals the staging as the beginning that p describes, and reports whether
// it could. One that fits into a buffer is not worth two files.
func (s *File) Leave(p Part) bool {
	if s.file == nil || s.Flush() != nil {
		return false
	}
	p.Size, p.SHA256 = s.Size, hex.EncodeToString(s.space.hash.Sum(nil))
	text, err := json.Marshal(p)
	if err != nil || s.file.Close() != nil {
		return false
	}
	s.file = nil
	if s.stager.state.WriteFile(leftName(s.index), text, 0o666) != nil {
		return false
	}
	s.release()
	return true
}

// reopen takes up the beginning that an earlier run left of an item, or if lately
// is set maybe this one, and returns nil if there is none. Its first buffer is in head; what comes next is appended
// to the file. It belongs to this run then: another one finds it no more.
func (s *Dir) Reopen(item downloader.Item, lately bool) (*File, Part) {
	if !lately && !s.left[item.Index] {
		return nil, Part{}
	}
	var p Part
	text, err := s.state.ReadFile(leftName(item.Index))
	_ = s.state.Remove(leftName(item.Index))
	if err != nil || json.Unmarshal(text, &p) != nil || p.URL != item.Public().URL || p.Validator == "" {
		s.Remove(item.Index)
		return nil, Part{}
	}
	file := s.Open(item.Index)
	if file.file, err = folder.OpenIn(s.state, s.folder, work.StagedName(item.Index), os.O_APPEND); err == nil {
		err = file.rehash()
	}
	if err != nil || file.Size != p.Size || hex.EncodeToString(file.space.hash.Sum(nil)) != p.SHA256 {
		file.Discard()
		return nil, Part{}
	}
	return file, p
}

// rehash reads a file that is there already, and ends with its first buffer in
// head.
func (s *File) rehash() error {
	for {
		n, err := s.file.ReadAt(s.space.data, s.Size)
		s.space.hash.Write(s.space.data[:n])
		s.Size += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	n, err := s.file.ReadAt(s.space.data, 0)
	s.Fill = n
	if err == io.EOF {
		err = nil
	}
	return err
}
