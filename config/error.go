package config

import (
	"strings"
	"unicode"
)

// Error is a usage mistake: the user wrote something that grab cannot follow.
// Its text is one line.
type Error struct {
	Source string // what the user wrote: "-n", "GRAB_N", "grab.toml: n"; may be empty
	Reason string // what is wrong with it
}

func (e *Error) Error() string {
	text := e.Reason
	if e.Source != "" {
		text = e.Source + ": " + e.Reason
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
