package command

import (
	"errors"
	"os"
	"path/filepath"
)

// replaceFile writes a file that only its owner can read. At any moment it is the old file or
// the new one, whole.
func replaceFile(name, text string) error {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // of mode 0600
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
