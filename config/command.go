package config

import "strings"

// Command is one of the commands that take settings. Commands combine with |
// where a setting belongs to several.
type Command uint8

// The commands.
const (
	Download Command = 1 << iota // grab itself
	Compare
	Serve
	Report
)

// String returns what the user types: "grab", "grab compare". A combination
// reads as a list.
func (cmd Command) String() string {
	var names []string
	for _, one := range []struct {
		cmd  Command
		name string
	}{{Download, "grab"}, {Compare, "grab compare"}, {Serve, "grab serve"}, {Report, "grab report"}} {
		if cmd&one.cmd != 0 {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, " and ")
}

// CommandNames returns the subcommands that users type, for suggestions.
func CommandNames() []string { return []string{"compare", "serve", "report"} }
