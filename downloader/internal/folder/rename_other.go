//go:build !windows

package folder

import "os"

// Rename renames a file in an open folder, and replaces a file that has the new name.
func Rename(dir *os.Root, from, to string) error { return dir.Rename(from, to) }
