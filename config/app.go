package config

import "github.com/urfave/cli/v2"

// App returns the command line with the actions of its commands. The hidden
// command worker takes no settings.
func App(version string, actions map[Command]cli.ActionFunc, worker cli.ActionFunc) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"} // -v is -verbose
	command := func(name string, cmd Command, usage, arguments string) *cli.Command {
		return &cli.Command{
			Name: name, Usage: usage, ArgsUsage: arguments,
			Flags: Flags(cmd), Action: actions[cmd], OnUsageError: usageError(cmd), HideHelpCommand: true,
		}
	}
	return &cli.App{
		Name: "grab", Version: version,
		Usage:     "fetch lists of images",
		UsageText: "grab [flags] LIST|URL ...\ngrab compare [flags] LIST|URL ...\ngrab report [flags] FILE.jsonl ...\ngrab serve [flags]\n\nLIST is a file of URLs, one a line; - is standard input.",
		Flags:     Flags(Download), Action: actions[Download], OnUsageError: usageError(Download),
		HideHelpCommand: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {}, // the caller alone ends the process
		Commands: []*cli.Command{
			command("compare", Compare, "run every mode on the same list, and compare their times", "LIST|URL ..."),
			command("report", Report, "redraw saved comparisons, or compare two", "FILE.jsonl ..."),
			command("serve", Serve, "the embedded image server, on its own", " "),
			{Name: "worker", Hidden: true, HideHelpCommand: true, Action: worker},
		},
	}
}

func usageError(cmd Command) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error { return FlagError(err, cmd) }
}
