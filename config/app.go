package config

import "github.com/urfave/cli/v2"

// App returns the command line with the actions of its commands. The hidden command
// worker has no settings.
func App(build Build, actions map[Command]cli.ActionFunc, worker cli.ActionFunc) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"} // -v is -verbose
	cli.VersionPrinter = func(c *cli.Context) { _ = printVersion(c, build) }
	app := &cli.App{
		Name: "grab", Version: build.Version,
		Usage:                 "download lists of images",
		UsageText:             synopsis(),
		CustomAppHelpTemplate: shortHelp(),
		Flags:                 append(Flags(Download), cli.HelpFlag), // the library leaves it out, as there is a command help
		Action:                actions[Download], OnUsageError: onUsageError(Download),
		HideHelpCommand: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {}, // or the library would end the process
	}
	without := map[string]cli.ActionFunc{
		"help": helpCommand, "completion": completionCommand,
		"version": func(c *cli.Context) error { return printVersion(c, build) },
		"man":     func(c *cli.Context) error { return manCommand(c, build) },
	}
	for _, d := range commands() {
		command := &cli.Command{Name: d.name, Usage: d.usage, ArgsUsage: d.arguments, HideHelpCommand: true, Action: without[d.name]}
		if d.cmd != 0 {
			command.Flags, command.Action, command.OnUsageError = Flags(d.cmd), actions[d.cmd], onUsageError(d.cmd)
		}
		app.Commands = append(app.Commands, command)
	}
	app.Commands = append(app.Commands, &cli.Command{Name: "worker", Hidden: true, HideHelpCommand: true, Action: worker})
	return app
}

func onUsageError(cmd Command) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error { return flagError(err, cmd) }
}
