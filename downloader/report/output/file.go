package output

import (
	"fmt"
	"io"
	"os"
)

// pageFile is the file of -html. It is made before anything is fetched, under
// another name, so that a name that cannot be written is known in time, and what
// was there stays until the page is whole.
type pageFile struct {
	file *os.File
	name string
}

// startPage makes the file; nil: no page was asked for. It may not take the
// place of a file that is in use.
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
				return nil, fmt.Errorf("the page would replace %s, which is read or written besides", name)
			}
		}
	}
	file, err := os.Create(name + ".part")
	if err != nil {
		return nil, err
	}
	return &pageFile{file, name}, nil
}

// inUse tells what the files are that w and names stand for, as far as they are any.
func inUse(w io.Writer, names []string) []os.FileInfo {
	var used []os.FileInfo
	if file, ok := w.(*os.File); ok {
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

// finish writes the page, and gives it its name.
func (p *pageFile) finish(write func(io.Writer) error) error {
	err := write(p.file)
	if closed := p.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(p.file.Name(), p.name)
	}
	return err
}

// discard removes what finish did not finish.
func (p *pageFile) discard() {
	if p != nil {
		_ = p.file.Close()
		_ = os.Remove(p.file.Name())
	}
}
