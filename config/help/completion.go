package help

import (
	"embed"
	"strings"

	"github.com/urfave/cli/v2"

	"grab/config/args"
	"grab/downloader"
)

// scripts ask grab itself what to offer, so they know nothing of its flags.
//
//go:embed shell
var scripts embed.FS

// shells returns the shells that have a script.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// Completion is `grab completion SHELL`.
func Completion(c *cli.Context) error {
	name := c.Args().First()
	script, err := scripts.ReadFile("shell/" + name)
	switch {
	case name == "":
		return downloader.UsageErrorf("", "no shell: name one of %s", strings.Join(shells(), ", "))
	case err != nil:
		return downloader.UsageErrorf("", "no script for %s, only for %s%s", name, strings.Join(shells(), ", "), args.DidYouMean("", args.Suggest(name, shells())))
	}
	_, err = c.App.Writer.Write(script)
	return err
}
