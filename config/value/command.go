package value

import (
	"errors"
	"fmt"
	"strings"
)

// Command parses a command for images into its words.
func Command(text string) ([]string, error) {
	found, err := wordsOf(text)
	if err == nil && !strings.Contains(strings.Join(found[1:], " "), "{file}") {
		err = errors.New("has no {file}, which stands for the image")
	}
	return found, err
}

// wordsOf returns the words of a command. Quotes of both kinds keep spaces in a word. There is
// no other syntax: no shell reads the command.
func wordsOf(text string) ([]string, error) {
	var found []string
	var word strings.Builder
	quote, inWord := rune(0), false
	for _, r := range text {
		switch {
		case r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case strings.ContainsRune(" \t\n", r):
			if inWord {
				found = append(found, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		found = append(found, word.String())
	}
	switch {
	case quote != 0:
		return nil, fmt.Errorf("a %c without its end", quote)
	case len(found) == 0 || found[0] == "":
		return nil, errors.New("names no program")
	}
	return found, nil
}
