package folder

import (
	"errors"
	"io/fs"
	"os"
)

// MakeIn opens the folder called name inside parent, and makes it if it is missing. A
// link is refused.
func MakeIn(parent *os.Root, name string) (*Folder, error) {
	for {
		if err := parent.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, inFull(parent, name, err)
		}
		f, err := OpenIn(parent, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has removed it meanwhile
		}
		return f, err
	}
}

// OpenIn opens the folder called name inside parent. A link is refused.
func OpenIn(parent *os.Root, name string) (*Folder, error) {
	for {
		named, err := parent.Lstat(name)
		if err != nil {
			return nil, inFull(parent, name, err)
		}
		if !named.IsDir() {
			return nil, Refusal(parent, name, "is not a folder, and grab follows no link here: remove it")
		}
		f, err := open(parent.OpenRoot(name))
		if err != nil {
			return nil, inFull(parent, name, err)
		}
		opened, err := f.handle.Stat()
		if err == nil && os.SameFile(named, opened) {
			return f, nil
		}
		_ = f.Close()
		if err != nil {
			return nil, err
		}
	}
}
