package report

import (
	"fmt"
	"slices"

	"grab/downloader"
)

// Contender is what is compared: a mode with a number of workers, or another program.
type Contender struct {
	Mode    downloader.Mode // or the name of the program
	Workers int             // 0: a program does not say
}

// String returns the contender's name, such as "pool n=3" or "sequential".
func (c Contender) String() string {
	if c.Mode == downloader.Sequential || c.Workers == 0 {
		return string(c.Mode)
	}
	return fmt.Sprintf("%s n=%d", c.Mode, c.Workers)
}

// IsProgram reports whether the contender is no mode of grab.
func (c Contender) IsProgram() bool { return !slices.Contains(downloader.Modes(), c.Mode) }
