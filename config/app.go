package config

import (
	"github.com/urfave/cli/v2"

	"grab/config/setting"
	"grab/config/source"
)

// App returns the command line with the actions of its commands. The hidden command
// worker has no settings.
func App(build Build, actions map[setting.Command]cli.ActionFunc, worker cli.ActionFunc) *cli.App {
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"} // -v is -verbose
	cli.VersionPrinter = func(c *cli.Context) { _ = printVersion(c, build) }
	app := &cli.App{
		Name: "grab", Version: build.Version,
		Usage:                 "download lists of images",
		UsageText:             synopsis(),
		CustomAppHelpTemplate: shortHelp(),
		Flags:                 append(source.Flags(Settings(), setting.Download), cli.HelpFlag), // the library leaves it out, as there is a command help
		Action:                actions[setting.Download], OnUsageError: onUsageError(setting.Download),
		HideHelpCommand: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {}, // or the library would end the process
	}
	without := map[string]cli.ActionFunc{
		"help": helpCommand, "completion": completionCommand,
		"version": func(c *cli.Context) error { return printVersion(c, build) },
		"man":     func(c *cli.Context) error { return manCommand(c, build) },
	}
	for _, d := range setting.Subcommands() {
		command := &cli.Command{Name: d.Name, Usage: d.Usage, ArgsUsage: d.Arguments, HideHelpCommand: true, Action: without[d.Name]}
		if d.Command != 0 {
			command.Flags, command.Action, command.OnUsageError = source.Flags(Settings(), d.Command), actions[d.Command], onUsageError(d.Command)
		}
		app.Commands = append(app.Commands, command)
	}
	app.Commands = append(app.Commands, &cli.Command{Name: "worker", Hidden: true, HideHelpCommand: true, Action: worker})
	return app
}

func onUsageError(cmd setting.Command) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error { return source.FlagError(err, cmd, Settings()) }
}
