package config

import (
	"github.com/urfave/cli/v2"

	"grab/config/help"
	"grab/config/setting"
	"grab/config/source"
)

// App returns the command line with the actions of its commands. The hidden command
// worker has no settings.
func App(build Build, actions map[setting.Command]cli.ActionFunc, worker cli.ActionFunc) *cli.App {
	table := Settings()
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Aliases: []string{"V"}, Usage: "print the version"} // -v is -verbose
	cli.VersionPrinter = func(c *cli.Context) { _ = printVersion(c, build) }
	app := &cli.App{
		Name: "grab", Version: build.Version,
		Usage:                 "download lists of images",
		UsageText:             help.Synopsis(),
		CustomAppHelpTemplate: help.Short(table),
		Flags:                 append(source.Flags(table, setting.Download), cli.HelpFlag), // the library leaves it out, as there is a command help
		Action:                actions[setting.Download], OnUsageError: onUsageError(setting.Download, table),
		HideHelpCommand: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {}, // or the library would end the process
	}
	without := map[string]cli.ActionFunc{
		"help":       func(c *cli.Context) error { return help.Command(c, table) },
		"completion": help.Completion,
		"version":    func(c *cli.Context) error { return printVersion(c, build) },
		"man":        func(c *cli.Context) error { return help.Manual(c.App.Writer, build.Date, table) },
	}
	for _, d := range setting.Subcommands() {
		command := &cli.Command{Name: d.Name, Usage: d.Usage, ArgsUsage: d.Arguments, HideHelpCommand: true, Action: without[d.Name]}
		if d.Command != 0 {
			command.Flags, command.Action, command.OnUsageError = source.Flags(table, d.Command), actions[d.Command], onUsageError(d.Command, table)
		}
		app.Commands = append(app.Commands, command)
	}
	app.Commands = append(app.Commands, &cli.Command{Name: "worker", Hidden: true, HideHelpCommand: true, Action: worker})
	return app
}

func onUsageError(cmd setting.Command, table []setting.Setting) cli.OnUsageErrorFunc {
	return func(_ *cli.Context, err error, _ bool) error { return source.FlagError(err, cmd, table) }
}
