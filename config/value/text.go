package value

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// NonEmpty parses any text but the empty one.
func NonEmpty(text string) (string, error) {
	if text == "" {
		return "", errors.New("must not be empty")
	}
	return text, nil
}

// PlainText parses text that is safe in a request header.
func PlainText(text string) (string, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("must not contain control characters")
	}
	return text, nil
}

// longestPath is the longest path that Linux accepts, in bytes. Other systems accept
// less.
const longestPath = 4096

// Path parses the path of a file or of a directory. It refuses control characters, so that
// messages with the path stay on one line.
func Path(text string) (string, error) {
	switch {
	case text == "":
		return "", errors.New("must not be empty")
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", errors.New("must not contain control characters")
	case len(text) > longestPath:
		return "", fmt.Errorf("is longer than %d bytes", longestPath)
	}
	return text, nil
}
