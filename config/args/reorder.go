// Package args works on the words of a command line before the library parses them.
package args

import (
	"slices"
	"strings"

	"grab/downloader"

	"github.com/urfave/cli/v2"
)

// Reorder returns args, the program's name first, in the order that the library
// needs: flags, subcommand, flags of the subcommand, arguments. Call it before
// app.Run: the library stops looking for flags at the first argument.
//
// The first argument is the subcommand if it is the name of one. A flag moves to the
// subcommand if that has such a flag. Otherwise it stays on its side of the
// subcommand, where the parser reports it if it is unknown. The word after a flag
// that takes a value is that value, whatever it looks like. Where commands differ in
// that, the subcommand decides, if it comes first. A lone "-" is an
// argument, and so is everything after "--". If the last flag lacks its value, the
// error is a [*downloader.UsageError]: the parser would take an argument for the value.
func Reorder(args []string, app *cli.App) ([]string, error) {
	if len(args) == 0 || args[len(args)-1] == "--generate-bash-completion" {
		return args, nil
	}
	line, err := split(args[1:], app)
	if err != nil {
		return nil, err
	}

	var before, after []string
	for i, flag := range line.flags {
		if line.command != nil && (i >= line.leading || hasFlag(line.command.Flags, flagName(flag[0]))) {
			after = append(after, flag...)
		} else {
			before = append(before, flag...)
		}
	}
	ordered := append([]string{args[0]}, before...)
	if line.command != nil {
		ordered = append(ordered, line.typed)
	}
	ordered = append(ordered, after...)
	if line.terminated {
		ordered = append(ordered, "--")
	}
	return append(ordered, line.arguments...), nil
}

// commandLine is a command line split into its parts.
type commandLine struct {
	flags      [][]string   // each with its value, if that is a separate word
	command    *cli.Command // the subcommand; nil: none
	typed      string       // the subcommand, as typed
	leading    int          // the number of flags before the subcommand
	arguments  []string
	terminated bool // there was a "--" before or among the arguments
}

func split(words []string, app *cli.App) (commandLine, error) {
	var line commandLine
	valued := valueFlags(app, nil)
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "--":
			line.terminated = true
			line.arguments = append(line.arguments, words[i+1:]...)
			return line, nil
		case !strings.HasPrefix(word, "-") || word == "-":
			if line.command == nil && len(line.arguments) == 0 {
				line.command = findCommand(app, word)
				if line.command != nil {
					line.typed, line.leading = word, len(line.flags)
					valued = valueFlags(app, line.command)
					continue
				}
			}
			line.arguments = append(line.arguments, word)
		case valued[flagName(word)] && !strings.Contains(word, "="):
			if i++; i == len(words) {
				return commandLine{}, downloader.UsageErrorf(word, "needs a value")
			}
			line.flags = append(line.flags, []string{word, words[i]})
		default:
			line.flags = append(line.flags, []string{word})
		}
	}
	return line, nil
}

// flagName returns the name in -name, --name and -name=value.
func flagName(word string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-")
	name, _, _ = strings.Cut(name, "=")
	return name
}

// valueFlags returns the names of the flags that take a value. Those of the command, if it
// is known, count before those of other commands: they may have the same name. Until it is
// known, a flag takes a value if it does for any command.
func valueFlags(app *cli.App, known *cli.Command) map[string]bool {
	valued := map[string]bool{}
	mark := func(flags []cli.Flag, also bool) {
		for _, flag := range flags {
			doc, ok := flag.(cli.DocGenerationFlag)
			for _, name := range flag.Names() {
				valued[name] = ok && doc.TakesValue() || also && valued[name]
			}
		}
	}
	mark(app.Flags, true)
	for _, command := range app.Commands {
		mark(command.Flags, true)
	}
	if known != nil {
		mark(known.Flags, false)
	}
	return valued
}

func findCommand(app *cli.App, name string) *cli.Command {
	for _, command := range app.Commands {
		if command.HasName(name) {
			return command
		}
	}
	return nil
}

func hasFlag(flags []cli.Flag, name string) bool {
	return slices.ContainsFunc(flags, func(flag cli.Flag) bool { return slices.Contains(flag.Names(), name) })
}
