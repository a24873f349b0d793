//go:build !linux

package folder

import "os"

// File is a staging file.
type File = os.File

// OpenIn opens a file in a folder for reading and writing, with more flags.
func OpenIn(folder *os.Root, _ *os.File, name string, flags int) (*File, error) {
	return folder.OpenFile(name, os.O_RDWR|flags, 0o666)
}

// RegularSize returns the size of a file in a folder; false if it is none.
func RegularSize(folder *os.Root, _ *os.File, name string) (int64, bool) {
	info, err := folder.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}

// RenameIn renames a file in a folder, over what has the new name.
func RenameIn(folder *os.Root, _ *os.File, from, to string) error { return folder.Rename(from, to) }
