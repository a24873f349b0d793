package progress

import "os"

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
	if s != Auto && s != Bar {
		return s
	}
	terminal := prepare(out) // which a bar that was asked for needs as well
	if s == Bar || terminal && getenv("TERM") != "dumb" && getenv("CI") == "" {
		return Bar
	}
	return Plain
}
