//go:build !linux

package folder

import "os"

// File is an open file. Whoever opens it must close it.
type File = os.File

// OpenFile opens a file for reading and writing, with further flags.
func (f *Folder) OpenFile(name string, flags int) (*File, error) {
	return f.Root.OpenFile(name, os.O_RDWR|flags, 0o666)
}

// Rename renames a file, and replaces a file that has the new name.
func (f *Folder) Rename(from, to string) error { return Rename(f.Root, from, to) }

// RegularSize returns the size of a regular file, and false if there is none.
func (f *Folder) RegularSize(name string) (int64, bool) {
	info, err := f.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}
