//go:build !linux

package downloader

import "os"

// partFile is a staging file.
type partFile = os.File

// createIn makes a file in a folder, or empties it.
func createIn(folder *os.Root, _ *os.File, name string) (*partFile, error) {
	return folder.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
}

// renameIn renames a file in a folder, over what has the new name.
func renameIn(folder *os.Root, _ *os.File, from, to string) error { return folder.Rename(from, to) }
