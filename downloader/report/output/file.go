package output

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"grab/downloader/internal/folder"
)

// pageFile is the file of -html. It is created under a temporary name before anything is fetched.
// So an unusable name is found in time, and the previous file stays until the page is complete.
type pageFile struct {
	folder     *os.Root
	file       *os.File
	name, part string // in folder
}

// startPage creates the file. It returns nil if name is empty, and refuses to replace a file that
// is in use.
func startPage(name string, used []os.FileInfo) (*pageFile, error) {
	if name == "" {
		return nil, nil
	}
	if there, err := os.Stat(name); err == nil {
		if !there.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is not a file", name)
		}
		for _, other := range used {
			if os.SameFile(there, other) {
				return nil, fmt.Errorf("the page would replace %s, which is also read or written", name)
			}
		}
	}
	p := &pageFile{name: filepath.Base(name), part: filepath.Base(name) + ".part"}
	var err error
	if p.folder, err = os.OpenRoot(filepath.Dir(name)); err != nil {
		return nil, err
	}
	if p.file, err = folder.OpenRegular(p.folder, p.part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC); err != nil {
		return nil, errors.Join(err, p.folder.Close())
	}
	return p, nil
}

// inUse returns the files behind w and names. Anything that is not a file is left out.
func inUse(w io.Writer, names []string) []os.FileInfo {
	var used []os.FileInfo
	if file, ok := w.(interface{ Stat() (os.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil {
			used = append(used, info)
		}
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			used = append(used, info)
		}
	}
	return used
}

// finish writes the page and moves it to its name.
func (p *pageFile) finish(write func(io.Writer) error) error {
	err := write(p.file)
	if closed := p.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = p.folder.Rename(p.part, p.name)
	}
	return err
}

// discard removes the temporary file, if finish did not move it.
func (p *pageFile) discard() {
	if p != nil {
		_ = p.file.Close()
		_ = p.folder.Remove(p.part)
		_ = p.folder.Close()
	}
}
