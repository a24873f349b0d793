package config

import (
	"slices"
	"strings"
)

// envPrefix begins the names of grab's environment variables.
const envPrefix = "GRAB_"

// setting is one row of the table. Its name is that of the flag and of the file's key.
type setting struct {
	name     string
	alias    string // short form of the flag; may be empty
	kind     kind
	flagOnly bool    // the variable and the key of its name are another command's
	commands Command // that have the setting
	category string  // heading in the help text
	usage    string  // help text, with the placeholder for the value in backquotes
	initial  string  // default, as a user would write it; empty: the field's zero value
	shown    string  // default in the help text, where initial would say too little
	brief    string  // what the short help says; empty: it leaves the setting out

	// set parses the texts of one source into the setting's field: one text, or any
	// number of them for a list.
	set func(texts []string) error
}

// kind is the form of a setting's flag.
type kind uint8

const (
	text   kind = iota // takes a value
	toggle             // true if given
	list               // takes a value and may be repeated
)

// env returns the name of the setting's environment variable.
func (s setting) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// of reports whether cmd has the setting.
func (s setting) of(cmd Command) bool {
	return s.commands&cmd != 0 || cmd == Show && !s.flagOnly
}

// placeholder returns the word that stands for the value in the help text, or "".
func (s setting) placeholder() string {
	_, rest, _ := strings.Cut(s.usage, "`")
	word, _, _ := strings.Cut(rest, "`")
	return word
}

// usageFor returns the help text. It begins with the commands that have the setting, unless
// cmd is one of them.
func (s setting) usageFor(cmd Command) string {
	if s.of(cmd) {
		return s.usage
	}
	return strings.ReplaceAll(strings.ReplaceAll(s.commands.String(), "grab ", ""), " and ", ", ") + ": " + s.usage
}

// description returns the help text without its quotes.
func (s setting) description() string { return strings.ReplaceAll(s.usage, "`", "") }

// standard returns the default as the help text has it; empty: there is nothing to say.
func (s setting) standard() string {
	if s.shown == "" && s.kind != toggle {
		return s.initial
	}
	return s.shown
}

// otherOf reports whether cmd has another setting of the same name: one flag may mean a file
// for one command, and be a switch of another.
func (s setting) otherOf(cmd Command, table []setting) bool {
	return !s.of(cmd) && slices.ContainsFunc(table, func(other setting) bool { return other.name == s.name && other.of(cmd) })
}
