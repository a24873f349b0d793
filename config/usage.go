package config

import (
	"fmt"
	"io/fs"
	"strings"
)

// FlagError turns what the flag parser says about a command line of cmd into
// an [*Error], with a suggestion where a flag was mistyped. It is meant for
// OnUsageError.
func FlagError(err error, cmd Command) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: -"); ok {
		return unknownFlag(name, cmd)
	}
	if name, ok := strings.CutPrefix(message, "flag needs an argument: "); ok {
		return needsValue(name)
	}
	if word, ok := strings.CutPrefix(message, "bad flag syntax: "); ok {
		return &Error{Source: word, Reason: "is not a flag"}
	}
	var value, name, other string
	if n, _ := fmt.Sscanf(message, "invalid boolean value %q for -%s", &value, &name); n == 2 {
		return &Error{Source: "-" + strings.TrimSuffix(name, ":"), Reason: fmt.Sprintf("%q is not true or false", value)}
	}
	if n, _ := fmt.Sscanf(message, "Cannot use two forms of the same flag: %s %s", &name, &other); n == 2 {
		return &Error{Source: "-" + name, Reason: "is the same flag as -" + other + "; give one of them"}
	}
	return &Error{Reason: message}
}

func needsValue(flag string) *Error {
	return &Error{Source: flag, Reason: "needs a value"}
}

func unknownFlag(name string, cmd Command) *Error {
	candidates := []string{"help"}
	for _, s := range settings(&Config{}) {
		if s.commands&cmd != 0 {
			candidates = append(candidates, s.name)
		} else if name == s.name || name == s.alias {
			return notOffered(name, s, cmd)
		}
	}
	if cmd == Download {
		candidates = append(candidates, "version")
	}
	return &Error{Reason: "unknown flag -" + name + didYouMean("-", Suggest(name, candidates))}
}

// NoSuchList returns the error for a list that cannot be opened, by the error of
// opening it. The first argument may be a command that was mistyped.
func NoSuchList(err *fs.PathError, first bool) error {
	if near := Suggest(err.Path, append(CommandNames(), "-help", "-version")); near != "" && first {
		return &Error{Reason: "unknown command " + err.Path + didYouMean("", near)}
	}
	return &Error{Source: err.Path, Reason: err.Err.Error()}
}
