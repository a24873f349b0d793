package progress

import (
	"os"

	"golang.org/x/sys/windows"
)

// prepare reports whether out is a console that takes escape sequences. Consoles other than
// Windows Terminal show them as text until a program turns them on.
func prepare(out *os.File) bool {
	console := windows.Handle(out.Fd())
	var mode uint32
	if windows.GetConsoleMode(console, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
