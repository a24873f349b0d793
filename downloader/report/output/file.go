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

// startPage makes the file; nil: no page was asked for.
func startPage(name string) (*pageFile, error) {
	if name == "" {
		return nil, nil
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", name)
	}
	file, err := os.Create(name + ".part")
	if err != nil {
		return nil, err
	}
	return &pageFile{file, name}, nil
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
		p.file.Close()
		os.Remove(p.file.Name())
	}
}
