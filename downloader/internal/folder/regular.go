package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"grab/downloader"
)

// OpenRegular opens a regular file of an open folder, with the flags of [os.OpenFile].
// It follows no link at the end of name, and does not block on a FIFO. A file that is
// opened for writing must have one name only: whoever unpacked an archive with a second
// name would have another file changed. What cannot be used is a
// [*downloader.UsageError], which says what to do.
func OpenRegular(dir *os.Root, name string, flags int) (*os.File, error) {
	for {
		named, err := dir.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) && flags&os.O_CREATE != 0 {
			file, err := dir.OpenFile(name, flags|os.O_EXCL, 0o666) // follows no link
			if errors.Is(err, fs.ErrExist) {
				continue // another process has made it meanwhile
			}
			return file, inFull(dir, name, err)
		}
		if err != nil {
			return nil, inFull(dir, name, err)
		}
		if err := usable(dir, name, named, flags); err != nil {
			return nil, err
		}
		file, err := dir.OpenFile(name, flags&^(os.O_CREATE|os.O_TRUNC)|noBlock, 0)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, inFull(dir, name, err)
		}
		opened, err := file.Stat()
		if err == nil && !os.SameFile(named, opened) {
			_ = file.Close()
			continue // another file has got the name meanwhile
		}
		if err == nil && flags&os.O_TRUNC != 0 {
			err = file.Truncate(0)
		}
		if err != nil {
			_ = file.Close()
			return nil, err
		}
		return file, nil
	}
}

// Writable returns an error if [OpenRegular] would refuse to write the file that has a
// name.
func Writable(dir *os.Root, name string) error {
	info, err := dir.Lstat(name)
	if err != nil {
		return err
	}
	return usable(dir, name, info, os.O_RDWR)
}

// Read reads a regular file of at most limit bytes. A longer one is not read: it is
// refused as in [OpenRegular].
func Read(dir *os.Root, name string, limit int64) ([]byte, error) {
	file, err := OpenRegular(dir, name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, Refusal(dir, name, "is longer than grab makes it: remove it")
	}
	return io.ReadAll(io.LimitReader(file, limit))
}

// usable returns an error if the file that has a name cannot be used.
func usable(dir *os.Root, name string, info fs.FileInfo, flags int) error {
	problem := ""
	switch writes := flags&(os.O_WRONLY|os.O_RDWR) != 0; {
	case info.Mode()&fs.ModeSymlink != 0:
		problem = "is a symbolic link, which grab does not follow: remove it"
	case info.IsDir():
		problem = "is a folder, not a file: move it away"
	case !info.Mode().IsRegular():
		problem = "is not a regular file: remove it"
	case writes && links(info) > 1:
		problem = "has a second name (a hard link), whose content would change too: replace it with a copy"
	default:
		return nil
	}
	return Refusal(dir, name, problem)
}

// Refusal returns the error for a file or folder that grab cannot use as it is. The
// problem says what to do with it.
func Refusal(dir *os.Root, name, problem string) error {
	return downloader.UsageErrorf("", "%s %s, or choose another directory", filepath.Join(dir.Name(), name), problem)
}

// inFull gives the error of a file the file's whole path.
func inFull(dir *os.Root, name string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "open", Path: filepath.Join(dir.Name(), name), Err: e.Err}
	}
	return err
}
