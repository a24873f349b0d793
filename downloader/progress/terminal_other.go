//go:build !windows

package progress

import (
	"os"

	"golang.org/x/term"
)

// prepare reports whether out is a terminal.
func prepare(out *os.File) bool { return term.IsTerminal(int(out.Fd())) }
