package folder

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// lastPause is the longest pause between two tries to rename a file; all take two seconds.
const lastPause = time.Second

// Rename renames a file in an open folder, and replaces a file that has the new name.
// Windows refuses that while another program has one of the two open, such as a virus
// scanner that looks at each new file. So it tries again for a while.
func Rename(dir *os.Root, from, to string) error {
	for pause := time.Millisecond; ; pause *= 2 {
		err := dir.Rename(from, to)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) || pause > lastPause {
			return err
		}
		time.Sleep(pause)
	}
}
