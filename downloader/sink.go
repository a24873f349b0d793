package downloader

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Staged is a sealed file that waits for its place. The file is on the file
// system of the output directory.
type Staged struct {
	Item
	Path string `json:"path"` // relative to the output directory
	Ext  string `json:"ext"`  // by the bytes, with its dot
}

// Sink takes sealed files to their places. Put may be called from many
// goroutines at once; it returns the file's name once the file is in place, and
// owns the staged file from then on.
type Sink interface {
	Put(ctx context.Context, s Staged) (name string, err error)
}

// Files is the [Sink] of loose files: image_{index}{ext} in the output directory.
type Files struct {
	root  *os.Root
	rerun bool // images of an earlier run may lie here
}

// NewFiles opens the output directory dir, and makes it if it is missing.
func NewFiles(dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		root.Close()
		return nil, err
	}
	return &Files{root: root, rerun: len(entries) > 0}, nil
}

// Put renames the staged file to its final name, over the file of an earlier
// run if there is one: the name holds the old image or the new one, whole.
func (f *Files) Put(_ context.Context, s Staged) (string, error) {
	stem := "image_" + strconv.Itoa(s.Index)
	if err := f.root.Rename(s.Path, stem+s.Ext); err != nil {
		return "", err
	}
	if f.rerun { // the image may have been of another format then
		for _, ext := range extensions() {
			if ext == s.Ext {
				continue
			}
			if err := f.root.Remove(stem + ext); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
	}
	return stem + s.Ext, nil
}

// IsFileName reports whether [Files] gives such names.
func IsFileName(name string) bool {
	number, found := strings.CutPrefix(name, "image_")
	ext := path.Ext(number)
	digits := strings.TrimSuffix(number, ext)
	return found && digits != "" && strings.Trim(digits, "0123456789") == "" && slices.Contains(extensions(), ext)
}

// Close releases the directory.
func (f *Files) Close() error { return f.root.Close() }
