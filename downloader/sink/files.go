package sink

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"

	"grab/downloader"
	"grab/downloader/imagefile"
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

// Name is the name of an item's file with that extension.
func Name(index int, ext string) string { return "image_" + strconv.Itoa(index) + ext }

// Put renames the staged file to its final name: the name holds the old file or the
// new one, whole.
func (f *Files) Put(_ context.Context, s downloader.Staged) (string, error) {
	return f.put(s, f.Rename)
}

// PutNew is Put for a name that must be free: it replaces nothing, and its error is
// [fs.ErrExist] then.
func (f *Files) PutNew(s downloader.Staged) (string, error) {
	return f.put(s, func(staged, name string) error {
		if err := f.root.Link(staged, name); err != nil { // a rename would replace
			return err
		}
		return f.root.Remove(staged)
	})
}

func (f *Files) put(s downloader.Staged, place func(staged, name string) error) (string, error) {
	name := Name(s.Index, s.Ext)
	failpoint.Pass("put-begins")
	if err := place(s.Path, name); err != nil {
		return "", err
	}
	failpoint.Pass("put-named")
	if err := f.Sync(); err != nil {
		return "", err // the file stays: it may have replaced a finished one
	}
	return name, nil
}

// Rename gives a file another name, over what has that name.
func (f *Files) Rename(from, to string) error {
	return f.root.Rename(from, to)
}

// Size returns the size of a regular file, in bytes; false if there is none.
func (f *Files) Size(name string) (int64, bool) {
	return f.root.RegularSize(name)
}

// Stat returns what the system says of a file, or of a link itself.
func (f *Files) Stat(name string) (fs.FileInfo, error) { return f.root.Lstat(name) }

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

// Open opens a file for reading.
func (f *Files) Open(name string) (*os.File, error) { return f.root.Open(name) }

// Hash returns the SHA-256 of a file.
func (f *Files) Hash(ctx context.Context, name string) (sum [sha256.Size]byte, err error) {
	file, err := f.root.Open(name)
	if err != nil {
		return sum, err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	_, err = io.Copy(hash, folder.Reader(ctx, file))
	return [sha256.Size]byte(hash.Sum(nil)), err
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

// Remove removes a file, if it is there.
func (f *Files) Remove(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Sync makes the names in the directory reach the disk, if they have to.
func (f *Files) Sync() error {
	if !f.durable {
		return nil
	}
	return f.root.Sync()
}

// Ext returns the extension of name, which must be a [Name] of that index.
func Ext(index int, name []byte) (ext []byte, ok bool) {
	var buf [32]byte
	stem := strconv.AppendInt(append(buf[:0], "image_"...), int64(index), 10)
	ext, ok = bytes.CutPrefix(name, stem)
	return ext, ok && len(ext) > 0 && ext[0] == '.'
}

// ParseName takes a [Name] apart. ok is false if name is none.
func ParseName(name string) (index int, ext string, ok bool) {
	number, found := strings.CutPrefix(name, "image_")
	ext = path.Ext(number)
	digits := strings.TrimSuffix(number, ext)
	n, err := strconv.ParseUint(digits, 10, 31)
	ok = found && err == nil && (digits == "0" || digits[0] != '0') && imagefile.KnownExtension(ext)
	return int(n), ext, ok
}

// Close releases the directory.
func (f *Files) Close() error { return f.root.Close() }
