package downloader

import (
	"fmt"
)

// Mode is how the items of a list are spread over workers.
type Mode string

// The modes. All of them run the same fetcher.
const (
	Sequential Mode = "sequential" // one after another
	Pool       Mode = "pool"       // goroutines over one HTTP client
	Process    Mode = "process"    // child processes, each with one download in flight
)

// Modes returns all modes, the baseline first.
func Modes() []Mode { return []Mode{Sequential, Pool, Process} }

// ParseMode returns the mode of that name.
func ParseMode(name string) (Mode, error) {
	for _, m := range Modes() {
		if string(m) == name {
			return m, nil
		}
	}
	return "", fmt.Errorf("unknown mode %q", name)
}

// Verify is how much is asked of a body before it counts as an image.
type Verify string

// The levels of verification.
const (
	VerifyNone      Verify = "none"      // any body of a successful response
	VerifyType      Verify = "type"      // its first bytes say that it is an image
	VerifyStructure Verify = "structure" // and it is whole, as far as its format tells
	VerifyDecode    Verify = "decode"    // and its pixels decode, where there is a decoder
)

// NamedModes returns the modes of those names.
func NamedModes(names []string) []Mode {
	var modes []Mode
	for _, name := range names {
		modes = append(modes, Mode(name))
	}
	return modes
}
