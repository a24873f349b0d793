// Package folder opens, renames and measures files in an open folder with few
// system calls.
package folder

import (
	"errors"
	"os"
)

// Folder is an open folder. It can do all that an [os.Root] can.
//
// On Linux, OpenFile, Rename and RegularSize make a third of the system calls that
// an os.Root makes. Those took a tenth of a small image's time
// (docs/BENCHMARKS.md). The names must be grab's own: a single component, or the
// path of a staging file. A link at the end of a name is not followed.
type Folder struct {
	*os.Root
	handle *os.File // of the same folder
}

// Open opens the folder dir.
func Open(dir string) (*Folder, error) { return open(os.OpenRoot(dir)) }

func open(root *os.Root, err error) (*Folder, error) {
	if err != nil {
		return nil, err
	}
	handle, err := root.Open(".")
	if err != nil {
		root.Close()
		return nil, err
	}
	return &Folder{root, handle}, nil
}

// Sync makes the names in the folder reach the disk.
func (f *Folder) Sync() error { return syncNames(f.handle) }

// Close closes the folder.
func (f *Folder) Close() error { return errors.Join(f.handle.Close(), f.Root.Close()) }
