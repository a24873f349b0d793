//go:build !linux

package downloader

import "os"

// partFile is a staging file.
type partFile = os.File

// openIn opens a file in a folder for reading and writing, with more flags.
func openIn(folder *os.Root, _ *os.File, name string, flags int) (*partFile, error) {
	return folder.OpenFile(name, os.O_RDWR|flags, 0o666)
}

// regularSize returns the size of a file in a folder; false if it is none.
func regularSize(folder *os.Root, _ *os.File, name string) (int64, bool) {
	info, err := folder.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Size(), true
}

// renameIn renames a file in a folder, over what has the new name.
func renameIn(folder *os.Root, _ *os.File, from, to string) error { return folder.Rename(from, to) }
