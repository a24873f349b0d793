package config

import "github.com/urfave/cli/v2"

// App returns the command line with the actions of its commands. The hidden command
// worker has no settings.
func App(version string, actions map[Command]cli.ActionFunc, worker cli.ActionFunc) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"} // -v is -verbose
	command := func(name string, cmd Command, usage, arguments string) *cli.Command {
		return &cli.Command{
			Name: name, Usage: usage, ArgsUsage: arguments,
			Flags: Flags(cmd), Action: actions[cmd], OnUsageError: onUsageError(cmd), HideHelpCommand: true,
		}
	}
	return &cli.App{
		Name: "grab", Version: version,
		Usage: "download lists of images",
		UsageText: "grab [flags] LIST|URL ...\ngrab compare [flags] LIST|URL ...\ngrab report [flags] FILE.jsonl ...\n" +
			"grab serve [flags]\ngrab status [flags] [DIRECTORY]\ngrab check [flags] [DIRECTORY]\ngrab help [COMMAND]\n\nLIST is a file with one URL per line; - is standard input.",
		Flags:  append(Flags(Download), cli.HelpFlag), // the library leaves it out, as there is a command help
		Action: actions[Download], OnUsageError: onUsageError(Download),
		HideHelpCommand: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {}, // or the library would end the process
		Commands: []*cli.Command{
			command("compare", Compare, "run every mode on the same list and compare their times", "LIST|URL ..."),
			command("report", Report, "show saved comparisons again, or compare two of them", "FILE.jsonl ..."),
			command("serve", Serve, "run the embedded image server on its own", " "),
			command("status", Status, "say what an output directory has", "[DIRECTORY]"),
			command("check", Check, "hash the files of an output directory against its manifest", "[DIRECTORY]"),
			{Name: "help", Usage: "show the help of a command", ArgsUsage: "[COMMAND]", HideHelpCommand: true, Action: helpCommand},
			{Name: "version", Usage: "print the version", ArgsUsage: " ", HideHelpCommand: true, Action: versionCommand},
			{Name: "worker", Hidden: true, HideHelpCommand: true, Action: worker},
		},
	}
}

func onUsageError(cmd Command) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error { return flagError(err, cmd) }
}
