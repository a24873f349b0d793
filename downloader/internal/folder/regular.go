package folder

import (
	"errors"
	"os"
)

// Regular returns an error if file is not a regular file. Reading from a FIFO or a
// device could block. Opening one does not, if it is for reading and writing.
func Regular(file *os.File) error {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: file.Name(), Err: errors.New("not a regular file")}
	}
	return err
}
