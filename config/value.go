package config

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// to returns a setter that reads one text into field.
func to[T any](field *T, parse func(string) (T, error)) func([]string) error {
	return func(texts []string) error {
		value, err := parse(texts[0])
		if err != nil {
			return err
		}
		*field = value
		return nil
	}
}

func boolean(text string) (bool, error) {
	value, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is not true or false", text)
	}
	return value, nil
}

func wholeNumber(low, high int) func(string) (int, error) {
	return func(text string) (int, error) {
		value, err := strconv.Atoi(text)
		if err != nil || value < low || value > high {
			return 0, fmt.Errorf("%q is not a whole number from %d to %d", text, low, high)
		}
		return value, nil
	}
}

// wholeNumbers reads whole numbers with commas between, each of them once.
func wholeNumbers(low, high int) func(string) ([]int, error) {
	return func(text string) ([]int, error) {
		var values []int
		for word := range strings.SplitSeq(text, ",") {
			value, err := wholeNumber(low, high)(strings.TrimSpace(word))
			if err != nil {
				return nil, err
			}
			if slices.Contains(values, value) {
				return nil, fmt.Errorf("%q names %d twice", text, value)
			}
			values = append(values, value)
		}
		return values, nil
	}
}

func integer64(text string) (int64, error) {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number of 64 bits", text)
	}
	return value, nil
}

// duration reads a time with its unit; of bare numbers it takes only 0, which
// is the same in every unit.
func duration(text string) (time.Duration, error) {
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return 0, fmt.Errorf("%q is not a time of 0 or more, such as 300ms or 1.85s", text)
	}
	return value, nil
}

func positiveDuration(text string) (time.Duration, error) {
	value, err := duration(text)
	if err != nil || value == 0 {
		return 0, fmt.Errorf("%q is not a time above 0, such as 300ms or 1.85s", text)
	}
	return value, nil
}

func oneOf(values ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(values, text) {
			return "", fmt.Errorf("%q is not one of %s", text, strings.Join(values, ", "))
		}
		return text, nil
	}
}

// someOf reads some of values with commas between, each of them once.
func someOf(values ...string) func(string) ([]string, error) {
	return func(text string) ([]string, error) {
		chosen, err := words(text)
		if err != nil {
			return nil, err
		}
		for i, word := range chosen {
			if _, err := oneOf(values...)(word); err != nil {
				return nil, err
			}
			if slices.Contains(chosen[:i], word) {
				return nil, fmt.Errorf("%q names %s twice", text, word)
			}
		}
		return chosen, nil
	}
}

// words reads a list with commas.
func words(text string) ([]string, error) {
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			return nil, fmt.Errorf("%q is not a list of words with commas between", text)
		}
		list = append(list, word)
	}
	return list, nil
}

func nonEmpty(text string) (string, error) {
	if text == "" {
		return "", errors.New("must not be empty")
	}
	return text, nil
}

// plainText reads text that is safe in a request header.
func plainText(text string) (string, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return "", errors.New("must not hold control characters")
	}
	return text, nil
}

func hostPort(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not host:port, such as 127.0.0.1:8080", text)
	}
	return text, nil
}

// longestPath is what Linux takes for a path, in bytes; other systems take less.
const longestPath = 4096

// folder takes the path of a folder that messages can name in one line.
func folder(text string) (string, error) {
	switch {
	case text == "":
		return "", errors.New("must not be empty")
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", errors.New("must not hold control characters")
	case len(text) > longestPath:
		return "", fmt.Errorf("is longer than %d bytes", longestPath)
	}
	return text, nil
}
