package setting

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
	Show // grab config, which has the settings of all others
)

// Subcommand is a subcommand as users see it.
type Subcommand struct {
	Name      string
	Command   Command // 0: it has no settings
	Arguments string  // what it takes besides flags
	Usage     string
}

// Subcommands returns the subcommands, in the order in which the help text has them.
func Subcommands() []Subcommand {
	return []Subcommand{
		{"compare", Compare, "LIST|URL ...", "run every mode on the same list and compare their times"},
		{"report", Report, "FILE.jsonl ...", "show saved comparisons again, or compare two of them"},
		{"serve", Serve, " ", "run the embedded image server on its own"},
		{"status", Status, "[DIRECTORY]", "say what an output directory has"},
		{"check", Check, "[DIRECTORY]", "hash the files of an output directory against its manifest"},
		{"config", Show, " ", "print the settings that hold, and where each comes from"},
		{"completion", 0, "bash|zsh|fish|powershell", "print a script with which a shell completes grab's command lines"},
		{"man", 0, " ", "print the manual page"},
		{"help", 0, "[COMMAND|flags]", "show the help of a command, or all flags"},
		{"version", 0, " ", "print the version, and what it was built from"},
	}
}

// String returns what the user types: "grab", "grab compare". For a combination it
// returns a list: "grab and grab compare".
func (cmd Command) String() string {
	var names []string
	if cmd&Download != 0 {
		names = append(names, "grab")
	}
	for _, c := range Subcommands() {
		if cmd&c.Command != 0 {
			names = append(names, "grab "+c.Name)
		}
	}
	return strings.Join(names, " and ")
}

// SubcommandNames returns the names of the subcommands.
func SubcommandNames() []string {
	var names []string
	for _, c := range Subcommands() {
		names = append(names, c.Name)
	}
	return names
}
