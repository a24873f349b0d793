package stage

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/work"
)

// KeepPartial closes the file and keeps it as the beginning that p describes. It
// reports whether it could; if not, the file must be discarded. A beginning that
// fits into the buffer is not kept: it is not worth two files.
func (f *File) KeepPartial(p Part) bool {
	if f.file == nil || f.Flush() != nil {
		return false
	}
	p.Size, p.SHA256 = f.Size, f.sum()
	text, err := json.Marshal(p)
	closeErr := f.file.Close()
	f.file = nil // closed even after an error: see [folder.File.Close]
	if err != nil || closeErr != nil || f.describe(text) != nil {
		return false
	}
	f.release()
	return true
}

// describe writes the file that says what the beginning is. An earlier one was removed
// when the beginning was reopened, or by [Dir.Clear]: what is there is not grab's.
func (f *File) describe(text []byte) error {
	_ = f.folder.Remove(partialName(f.index))
	file, err := folder.OpenRegular(f.folder.Root, partialName(f.index), os.O_WRONLY|os.O_CREATE)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// maxPart is how long a description can be, in bytes. JSON makes six of some.
const maxPart = 8 * downloader.MaxURL

// readPart reads the description of a beginning, and removes it. Nobody reads one that
// is not a regular file, or too long.
func (d *Dir) readPart(index int) (p Part, err error) {
	text, err := folder.Read(d.state.Root, partialName(index), maxPart)
	_ = d.state.Remove(partialName(index))
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	return p, err
}

// ReopenPartial opens the partial file that an earlier run kept of an item, so
// that the rest can be added. With thisRun set, it also looks for one that this
// run has kept. It returns nil if there is none. The partial file is then an
// ordinary staging file, which a later run does not find. The file's Head holds
// its first bytes.
func (d *Dir) ReopenPartial(item downloader.Item, thisRun bool) (*File, Part) {
	if !thisRun && !d.partials[item.Index] {
		return nil, Part{}
	}
	p, err := d.readPart(item.Index)
	if err != nil || p.URL != item.Public().URL || p.Validator == "" {
		d.Remove(item.Index)
		return nil, Part{}
	}
	f := d.Open(item.Index, -1)
	if err = folder.Writable(d.state.Root, work.StagedName(item.Index)); err == nil {
		f.file, err = d.state.OpenFile(work.StagedName(item.Index), os.O_APPEND)
	}
	if err == nil {
		err = f.rehash()
	}
	if err != nil || f.Size != p.Size || f.sum() != p.SHA256 {
		f.Discard()
		return nil, Part{}
	}
	return f, p
}

// rehash reads a file that exists already, and leaves its first bytes in the
// buffer.
func (f *File) rehash() error {
	for {
		n, err := f.file.ReadAt(f.space.data, f.Size)
		f.space.hash.Write(f.space.data[:n])
		f.Size += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	n, err := f.file.ReadAt(f.space.data, 0)
	f.Fill = n
	if err == io.EOF {
		err = nil
	}
	return err
}
