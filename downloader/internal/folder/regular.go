package folder

import (
	"errors"
	"os"
)

// Regular refuses a file that reading could wait for: a FIFO, a device. A file that
// was opened for reading and writing never waits for its other end at the open.
func Regular(file *os.File) error {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: file.Name(), Err: errors.New("not a regular file")}
	}
	return err
}
