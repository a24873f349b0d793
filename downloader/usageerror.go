package downloader

import (
	"fmt"
	"strings"
	"unicode"

	"grab/downloader/internal/sanitize"
)

// UsageError is a mistake of the user: a flag, a setting, a list or a path that
// grab cannot use.
type UsageError struct {
	Source string // what the user wrote: "-n", "GRAB_N", "grab.toml: n", a file name; may be empty
	Err    error  // what is wrong with it
}

// UsageErrorf returns a UsageError whose Err is that of [fmt.Errorf].
func UsageErrorf(source, format string, args ...any) error {
	return &UsageError{source, fmt.Errorf(format, args...)}
}

// Error returns one line without control characters and invisible ones.
func (e *UsageError) Error() string {
	text := e.Err.Error()
	if e.Source != "" {
		text = e.Source + ": " + text
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return sanitize.Text(text, 8*len(text))
}

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }
