package compare

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"grab/downloader/internal/folder"
	"grab/downloader/report"
)

// noteName is the file that says what a program left in its directory. Only that is removed for
// the next run.
const noteName = ".left-by-program"

// leftDir is the directory of a program's files.
type leftDir struct {
	*folder.Folder
	path string // full
}

// openLeft opens the directory dir of a program, in the output directory, and makes it if
// there is none.
func openLeft(in, dir string) (*leftDir, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, unusable(err)
	}
	out, err := os.OpenRoot(in)
	if err != nil {
		return nil, unusable(err)
	}
	defer func() { _ = out.Close() }()
	opened, err := folder.MakeIn(out, filepath.Base(path))
	if err != nil {
		return nil, unusable(err)
	}
	return &leftDir{opened, path}, nil
}

func (d *leftDir) close() error { return d.Folder.Close() }

// check refuses a directory with files that no program left there.
func (d *leftDir) check() error {
	noted, err := d.noted()
	if err != nil {
		return unusable(err)
	}
	return d.eachFile(func(name string, _ fs.DirEntry) error {
		if name == noteName || noted[name] {
			return nil
		}
		return unusable(fmt.Errorf("%s holds %s, which is not from a program that was compared: comparing would empty the directory; choose another with -out", d.path, name))
	})
}

// empty removes everything from a directory that check found good.
func (d *leftDir) empty() error {
	if err := d.check(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(d.FS(), ".")
	for _, e := range entries {
		err = errors.Join(err, d.RemoveAll(e.Name()))
	}
	return err
}

// note writes down what a program left.
func (d *leftDir) note() error {
	var b strings.Builder
	err := d.eachFile(func(name string, _ fs.DirEntry) error {
		b.WriteString(strconv.Quote(name) + "\n")
		return nil
	})
	if err != nil || b.Len() == 0 {
		return err
	}
	return d.WriteFile(noteName, []byte(b.String()), 0o666)
}

// noted returns the names that the last note has.
func (d *leftDir) noted() (map[string]bool, error) {
	names := map[string]bool{}
	if info, err := d.Lstat(noteName); errors.Is(err, fs.ErrNotExist) {
		return names, nil
	} else if err != nil || !info.Mode().IsRegular() {
		return names, errors.Join(err, fmt.Errorf("%s is not a regular file", filepath.Join(d.path, noteName)))
	}
	file, err := d.Open(noteName)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if name, err := strconv.Unquote(lines.Text()); err == nil {
			names[name] = true
		}
	}
	return names, lines.Err()
}

// eachFile calls do for everything in the directory that is no directory itself.
func (d *leftDir) eachFile(do func(name string, e fs.DirEntry) error) error {
	return fs.WalkDir(d.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return do(name, e)
	})
}

// find returns those of the expected images of which there is a file, whatever its name.
func (d *leftDir) find(expected []report.Image) ([]report.Image, error) {
	files := map[string]string{} // by hash
	err := d.eachFile(func(name string, e fs.DirEntry) error {
		if !e.Type().IsRegular() {
			return nil
		}
		file, err := d.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		h := sha256.New()
		if _, err := io.Copy(h, file); err != nil {
			return err
		}
		files[hex.EncodeToString(h.Sum(nil))] = name
		return nil
	})
	found := []report.Image{}
	for _, image := range expected {
		if name, ok := files[image.SHA256]; ok {
			found = append(found, report.Image{Index: image.Index, Bytes: image.Bytes, SHA256: image.SHA256, File: name, Width: image.Width, Height: image.Height})
		}
	}
	return found, err
}
