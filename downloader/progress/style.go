package progress

import (
	"os"

	"golang.org/x/term"
)

// Style is how progress is shown.
type Style string

// The styles.
const (
	Auto  Style = "auto"  // Bar on a terminal, Plain otherwise
	Bar   Style = "bar"   // a bar, drawn ten times a second
	Plain Style = "plain" // a line every five seconds
	None  Style = "none"  // only the lines of Log
)

// Choose returns the style that Auto stands for, given the output and the environment. Other
// styles stay as they are.
func (s Style) Choose(out *os.File, getenv func(string) string) Style {
	if s != Auto {
		return s
	}
	if term.IsTerminal(int(out.Fd())) && getenv("TERM") != "dumb" && getenv("CI") == "" {
		return Bar
	}
	return Plain
}
