// Package setting describes settings and the commands that have them, for all that asks for
// settings or presents them: one row of the table for each.
package setting

import (
	"slices"
	"strings"
)

// EnvPrefix begins the names of grab's environment variables.
const EnvPrefix = "GRAB_"

// Setting is one row of the table. Its name is that of the flag and of the file's key.
type Setting struct {
	Name     string
	Alias    string // short form of the flag; may be empty
	Kind     Kind
	FlagOnly bool    // the variable and the key of its name are another command's
	Commands Command // that have the setting
	Category string  // heading in the help text
	Usage    string  // help text, with the placeholder for the value in backquotes
	Initial  string  // default, as a user would write it; empty: the field's zero value
	Shown    string  // default in the help text, where Initial would say too little
	Brief    string  // what the short help says; empty: it leaves the setting out

	// Set parses the texts of one source into the setting's field: one text, or any
	// number of them for a list.
	Set func(texts []string) error
}

// Kind is the form of a setting's flag.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota // takes a value
	Toggle             // true if given
	List               // takes a value and may be repeated
)

// Env returns the name of the setting's environment variable.
func (s Setting) Env() string {
	return EnvPrefix + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// Of reports whether cmd has the setting.
func (s Setting) Of(cmd Command) bool {
	return s.Commands&cmd != 0 || cmd == Show && !s.FlagOnly
}

// Placeholder returns the word that stands for the value in the help text, or "".
func (s Setting) Placeholder() string {
	_, rest, _ := strings.Cut(s.Usage, "`")
	word, _, _ := strings.Cut(rest, "`")
	return word
}

// UsageFor returns the help text. It begins with the commands that have the setting, unless
// cmd is one of them.
func (s Setting) UsageFor(cmd Command) string {
	if s.Of(cmd) {
		return s.Usage
	}
	return strings.ReplaceAll(strings.ReplaceAll(s.Commands.String(), "grab ", ""), " and ", ", ") + ": " + s.Usage
}

// Description returns the help text without its quotes.
func (s Setting) Description() string { return strings.ReplaceAll(s.Usage, "`", "") }

// Standard returns the default as the help text has it; empty: there is nothing to say.
func (s Setting) Standard() string {
	if s.Shown == "" && s.Kind != Toggle {
		return s.Initial
	}
	return s.Shown
}

// OtherOf reports whether cmd has another setting of the same name: one flag may mean a file
// for one command, and be a switch of another.
func (s Setting) OtherOf(cmd Command, table []Setting) bool {
	return !s.Of(cmd) && slices.ContainsFunc(table, func(other Setting) bool { return other.Name == s.Name && other.Of(cmd) })
}
