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
	"slices"
	"strconv"
	"strings"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// Files is the [Sink] of loose files: image_{index}{ext} in the output directory.
type Files struct {
	root    *folder.Folder
	durable bool
	rerun   bool // an earlier run's files may be here
	owned   func(name string) bool
	foreign bool
}

// FilesOptions say how [Files] treats its directory.
type Options struct {
	Durable bool // a file's place reaches the disk before Put returns
	Fresh   bool // there was no earlier run

	// Foreign says that files are here which have our names, but are not grab's.
	// Owned tells those of earlier runs from them; nil: they all are grab's.
	Foreign bool
	Owned   func(name string) bool
}

// NewFiles opens the output directory dir, and makes it if it is missing.
func NewFiles(dir string, o Options) (*Files, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := folder.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Files{root: root, durable: o.Durable, rerun: !o.Fresh, owned: o.Owned, foreign: o.Foreign}, nil
}

// FileName is the name of an item's file with that extension.
func Name(index int, ext string) string { return "image_" + strconv.Itoa(index) + ext }

// Put renames the staged file to its final name, over the file of an earlier
// run if there is one: the name holds the old image or the new one, whole. A
// stranger's file stays, and the error is of ClassExists.
func (f *Files) Put(_ context.Context, s downloader.Staged) (string, error) {
	name := Name(s.Index, s.Ext)
	failpoint.Pass("put-begins")
	if err := f.place(s.Path, name); err != nil {
		return "", err
	}
	failpoint.Pass("put-named")
	if err := f.settle(s); err != nil {
		_ = f.Remove(name) // an image without a line would be a stranger's to the next run
		return "", err
	}
	return name, nil
}

// settle does what is left to do once a file has its name.
func (f *Files) settle(s downloader.Staged) error {
	if f.rerun {
		if err := f.removeFormer(s); err != nil {
			return err
		}
	}
	if f.durable {
		return f.syncDir()
	}
	return nil
}

// removeFormer removes what an earlier run left of an image that had another format
// then.
func (f *Files) removeFormer(s downloader.Staged) error {
	for _, ext := range imagefile.Extensions() {
		if former := Name(s.Index, ext); ext != s.Ext && f.mayHold(former) {
			if err := f.Remove(former); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayHold reports whether an earlier run may have left a file of that name.
func (f *Files) mayHold(name string) bool { return f.rerun && (f.owned == nil || f.owned(name)) }

func (f *Files) place(staged, name string) error {
	if !f.foreign || f.mayHold(name) || f.isLink(name) {
		return f.root.Rename(staged, name)
	}
	err := f.root.Link(staged, name) // which replaces nothing
	if errors.Is(err, fs.ErrExist) {
		return &downloader.Error{Class: downloader.ClassExists, Reason: name + " is there, and not grab's: move it away, or choose another directory"}
	}
	if err != nil {
		return err
	}
	return f.root.Remove(staged)
}

// isLink reports whether name is a link: nobody's image. It is replaced, and not
// followed (CVE-2014-4877).
func (f *Files) isLink(name string) bool {
	info, err := f.root.Lstat(name)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// Holds implements [Sink].
func (f *Files) Holds(ctx context.Context, rec downloader.Earlier, hash bool) bool {
	if size, there := f.root.RegularSize(rec.File); !there || size != rec.Bytes {
		return false
	}
	if !hash {
		return true
	}
	file, err := f.root.Open(rec.File)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	_, err = io.Copy(sum, folder.Reader(ctx, file))
	return err == nil && [sha256.Size]byte(sum.Sum(nil)) == rec.SHA256
}

// Remove implements [Sink].
func (f *Files) Remove(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncDir makes the names in the directory reach the disk.
func (f *Files) syncDir() error {
	return f.root.Sync()
}

// FileExt returns the extension of name, which must be a [FileName] of that index.
func Ext(index int, name []byte) (ext []byte, ok bool) {
	var buf [32]byte
	stem := strconv.AppendInt(append(buf[:0], "image_"...), int64(index), 10)
	ext, ok = bytes.CutPrefix(name, stem)
	return ext, ok && len(ext) > 0 && ext[0] == '.'
}

// ParseFileName takes a [FileName] apart. ok is false if name is none.
func ParseName(name string) (index int, ext string, ok bool) {
	number, found := strings.CutPrefix(name, "image_")
	ext = path.Ext(number)
	digits := strings.TrimSuffix(number, ext)
	n, err := strconv.ParseUint(digits, 10, 31)
	ok = found && err == nil && (digits == "0" || digits[0] != '0') && slices.Contains(imagefile.Extensions(), ext)
	return int(n), ext, ok
}

// Close releases the directory.
func (f *Files) Close() error {
	return f.root.Close()
}
