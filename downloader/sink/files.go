package sink

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"syscall"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// Files is the [downloader.Sink] of loose files: image_{index}{ext} in the output
// directory. It replaces what has such a name: whose files these are is its caller's
// business.
type Files struct {
	root    *folder.Folder
	durable bool
}

// NewFiles opens the output directory dir, and makes it if it is missing. With
// durable a file's name reaches the disk before Put returns.
func NewFiles(dir string, durable bool) (*Files, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := folder.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Files{root: root, durable: durable}, nil
}

// Put renames the staged file to its final name: the name holds the old file or the
// new one, whole.
func (f *Files) Put(_ context.Context, s downloader.Staged) (downloader.Placed, error) {
	name, err := f.put(s, Name(s.Index, s.Ext), f.root.Rename)
	return downloader.Placed{File: name}, err
}

// PutNamed is Put for a file with another name. It makes the folders in the name.
func (f *Files) PutNamed(s downloader.Staged, name string) (string, error) {
	if err := f.MakeFolders(name); err != nil {
		return "", err
	}
	return f.put(s, name, f.rename)
}

// PutNew is Put for a name that must be free: it replaces nothing, and its error is
// [fs.ErrExist] then.
func (f *Files) PutNew(s downloader.Staged) (string, error) {
	return f.put(s, Name(s.Index, s.Ext), func(staged, name string) error {
		if err := f.root.Link(staged, name); err != nil { // a rename would replace
			return err
		}
		return f.root.Remove(staged)
	})
}

func (f *Files) put(s downloader.Staged, name string, place func(staged, name string) error) (string, error) {
	failpoint.Pass("put-begins")
	if err := place(s.Path, name); err != nil {
		return "", err
	}
	failpoint.Pass("put-named")
	if err := f.SyncName(name); err != nil {
		return "", err // the file stays: it may have replaced a finished one
	}
	return name, nil
}

// Root returns the open directory. It is closed with f.
func (f *Files) Root() *os.Root { return f.root.Root }

// Rename gives a file another name, over what has that name.
func (f *Files) Rename(from, to string) error {
	if err := errors.Join(f.within(from), f.within(to)); err != nil {
		return err
	}
	return f.rename(from, to)
}

// rename is for names with folders, which are looked at anew.
func (f *Files) rename(from, to string) error { return folder.Rename(f.root.Root, from, to) }

// Link gives a file a second name, which must be free.
func (f *Files) Link(file, name string) error {
	if err := errors.Join(f.within(file), f.within(name)); err != nil {
		return err
	}
	return f.root.Link(file, name)
}

// Size returns the size of a regular file, in bytes; false if there is none.
func (f *Files) Size(name string) (int64, bool) {
	if f.within(name) != nil {
		return 0, false
	}
	return f.root.RegularSize(name)
}

// Stat returns what the system says of a file, or of a link itself.
func (f *Files) Stat(name string) (fs.FileInfo, error) {
	if err := f.within(name); err != nil {
		return nil, err
	}
	return f.root.Lstat(name)
}

// Exists reports whether there is anything of that name, a link included.
func (f *Files) Exists(name string) bool {
	_, err := f.root.Lstat(name)
	return err == nil
}

// IsLink reports whether name is a link: nobody's image. It is replaced, and not
// followed (CVE-2014-4877).
func (f *Files) IsLink(name string) bool {
	info, err := f.root.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// Open opens a regular file for reading.
func (f *Files) Open(name string) (*os.File, error) {
	if err := f.within(name); err != nil {
		return nil, err
	}
	return folder.OpenRegular(f.root.Root, name, os.O_RDONLY)
}

// Hash returns the SHA-256 of a file.
func (f *Files) Hash(ctx context.Context, name string) (sum [sha256.Size]byte, err error) {
	file, err := f.Open(name)
	if err != nil {
		return sum, err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	_, err = io.Copy(hash, folder.Reader(ctx, file))
	return [sha256.Size]byte(hash.Sum(nil)), err
}

// Remove removes a file, if it is there.
func (f *Files) Remove(name string) error {
	if err := f.within(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// foldersOf yields the folders in a name, the outermost first.
func foldersOf(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range len(name) {
			if name[i] == '/' && !yield(name[:i]) {
				return
			}
		}
	}
}

// within returns an error if a name is in a folder that is a link: it may lead out of
// the directory.
func (f *Files) within(name string) error {
	for parent := range foldersOf(name) {
		info, err := f.root.Lstat(parent)
		if err == nil && !info.IsDir() {
			err = &fs.PathError{Op: "open", Path: parent, Err: syscall.ENOTDIR}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Obstacle returns what is no folder in the place of one that a name needs.
func (f *Files) Obstacle(name string) (string, bool) {
	for parent := range foldersOf(name) {
		info, err := f.root.Lstat(parent)
		if err != nil {
			return "", false
		}
		if !info.IsDir() {
			return parent, true
		}
	}
	return "", false
}

// IsFolder reports whether name is a folder, which no file can replace.
func (f *Files) IsFolder(name string) bool {
	info, err := f.root.Lstat(name)
	return err == nil && info.IsDir()
}

// MakeFolder makes a folder in the directory, if it is missing. A link is no folder:
// it may lead out of the directory.
func (f *Files) MakeFolder(name string) error {
	err := f.root.Mkdir(name, 0o777)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := f.root.Lstat(name)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "make folder", Path: name, Err: syscall.ENOTDIR}
	}
	return err
}

// MakeFolders makes the folders in a file's name, as far as they are missing.
func (f *Files) MakeFolders(name string) error {
	for parent := range foldersOf(name) {
		if err := f.MakeFolder(parent); err != nil {
			return err
		}
	}
	return nil
}

// RemoveFolders removes the folders in a file's name that have nothing left in them.
func (f *Files) RemoveFolders(name string) {
	for strings.Contains(name, "/") {
		name = path.Dir(name)
		if !f.IsFolder(name) || f.within(name) != nil || f.root.Remove(name) != nil {
			return
		}
	}
}

// Sync makes the names in the directory reach the disk, if they have to.
func (f *Files) Sync() error {
	if !f.durable {
		return nil
	}
	return f.root.Sync()
}

// SyncFile makes a file's content reach the disk, if it has to.
func (f *Files) SyncFile(name string) error {
	if !f.durable {
		return nil
	}
	if err := f.within(name); err != nil {
		return err
	}
	return folder.SyncFile(f.root.Root, name)
}

// SyncName is Sync for a name and the folders in it.
func (f *Files) SyncName(name string) error {
	if !f.durable {
		return nil
	}
	for parent := range foldersOf(name) {
		inner, err := folder.OpenIn(f.root.Root, parent)
		if err == nil {
			err = errors.Join(inner.Sync(), inner.Close())
		}
		if err != nil {
			return err
		}
	}
	return f.root.Sync()
}

// Close releases the directory.
func (f *Files) Close() error { return f.root.Close() }
