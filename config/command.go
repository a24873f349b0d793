package config

import "strings"

// Command is one of the commands that have settings. Commands are combined with |
// where several have the same setting.
type Command uint8

// The commands.
const (
	Download Command = 1 << iota // grab itself
	Compare
	Serve
	Report
	Status
	Check
)

// String returns what the user types: "grab", "grab compare". For a combination it
// returns a list: "grab and grab compare".
func (cmd Command) String() string {
	var names []string
	for _, one := range []struct {
		cmd  Command
		name string
	}{{Download, "grab"}, {Compare, "grab compare"}, {Serve, "grab serve"}, {Report, "grab report"}, {Status, "grab status"}, {Check, "grab check"}} {
		if cmd&one.cmd != 0 {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, " and ")
}

// subcommands returns the subcommands that the help text lists.
func subcommands() []string {
	return []string{"compare", "serve", "report", "status", "check", "help", "version"}
}
