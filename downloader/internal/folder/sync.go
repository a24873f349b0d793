package folder

import (
	"errors"
	"os"
	"runtime"
)

// SyncNames makes the names in an open folder reach the disk.
func SyncNames(dir *os.Root) error {
	handle, err := dir.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(syncNames(handle), handle.Close())
}

// syncNames does nothing on Windows, which cannot flush a folder: NTFS keeps a journal of
// names, in their order.
func syncNames(handle *os.File) error {
	if runtime.GOOS == "windows" {
		_, err := handle.Stat() // a closed folder is a mistake there, too
		return err
	}
	return handle.Sync()
}

// SyncFile makes the content of a regular file reach the disk.
func SyncFile(dir *os.Root, name string) error {
	file, err := OpenRegular(dir, name, toSync)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
