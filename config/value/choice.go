package value

import (
	"fmt"
	"slices"
	"strings"

	"grab/downloader"
)

// UnknownWord is the error of a word that is none of those that a parser knows. Completion
// asks for one, and offers the known words: so they are written in one place.
type UnknownWord struct {
	error
	Known []string
}

// OneOf returns a parser of one of values.
func OneOf[T ~string](values ...T) func(string) (T, error) {
	return func(text string) (T, error) {
		if !slices.Contains(values, T(text)) {
			known := texts(values)
			return "", UnknownWord{fmt.Errorf("%q is not one of %s", text, strings.Join(known, ", ")), known}
		}
		return T(text), nil
	}
}

// SomeOf returns a parser of some of values, separated by commas, all different.
func SomeOf[T ~string](values ...T) func(string) ([]T, error) {
	return func(text string) ([]T, error) {
		names, err := words(text)
		if err != nil {
			return nil, err
		}
		var chosen []T
		for _, name := range names {
			value, err := OneOf(values...)(name)
			if err != nil {
				return nil, err
			}
			if slices.Contains(chosen, value) {
				return nil, fmt.Errorf("%q names %s twice", text, name)
			}
			chosen = append(chosen, value)
		}
		return chosen, nil
	}
}

// Classes parses classes of failures, separated by commas.
func Classes(text string) ([]downloader.Class, error) {
	names, err := words(text)
	if err != nil {
		return nil, err
	}
	chosen, err := downloader.ParseClasses(names)
	if err != nil {
		return nil, UnknownWord{err, texts(downloader.Classes())}
	}
	return chosen, nil
}

func texts[T ~string](values []T) []string {
	var names []string
	for _, v := range values {
		names = append(names, string(v))
	}
	return names
}

// words parses words separated by commas.
func words(text string) ([]string, error) {
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word == "" {
			return nil, fmt.Errorf("%q is not a list of words separated by commas", text)
		}
		list = append(list, word)
	}
	return list, nil
}
