package config

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"grab/config/args"
	"grab/downloader"
)

// maxHelpColumns is the longest line of a help text, even on a wider terminal.
const maxHelpColumns = 100

// WrapHelp makes the help texts fit that many columns. The library leaves lines that are
// longer to the terminal, which breaks them inside words.
func WrapHelp(columns int) {
	cli.HelpPrinter = func(w io.Writer, template string, data any) {
		var b strings.Builder
		cli.HelpPrinterCustom(&b, template, data, nil)
		for line := range strings.Lines(b.String()) {
			_, _ = io.WriteString(w, wrapHelp(line, min(columns, maxHelpColumns)))
		}
	}
}

// wrapHelp breaks a line of help between words. The rest of a description goes on below
// its beginning, which is after the last gap of two spaces or more. Where that would leave
// it too narrow, it goes on near the margin.
func wrapHelp(line string, columns int) string {
	line = strings.TrimRight(line, " \n")
	if utf8.RuneCountInString(line) < columns {
		return line + "\n"
	}
	const narrow, margin = 24, 6
	head, description := "", line
	if gap := strings.LastIndex(line, "  "); gap >= 0 {
		head, description = line[:gap+2], line[gap+2:]
	}
	length, space, indent := len(head), "", len(head)
	if strings.TrimSpace(head) == "" {
		indent = margin
	} else if columns-indent < narrow {
		head, length, indent = strings.TrimRight(head, " "), columns, margin
	}
	var b strings.Builder
	b.WriteString(head)
	for word := range strings.FieldsSeq(description) {
		if width := len(space) + utf8.RuneCountInString(word); length+width < columns {
			b.WriteString(space + word)
			length += width
		} else {
			b.WriteString("\n" + strings.Repeat(" ", indent) + word)
			length = indent + utf8.RuneCountInString(word)
		}
		space = " "
	}
	return b.String() + "\n"
}

// helpCommand is `grab help COMMAND`, which says what `grab COMMAND -help` says.
func helpCommand(c *cli.Context) error {
	name := c.Args().First()
	if name == "" {
		return cli.ShowAppHelp(c)
	}
	for _, command := range c.App.Commands {
		if command.HasName(name) {
			return cli.ShowCommandHelp(c, name)
		}
	}
	return downloader.UsageErrorf("", "unknown command %s%s", name, didYouMean("", args.Suggest(name, subcommands())))
}

// versionCommand is `grab version`, which says what `grab -version` says.
func versionCommand(c *cli.Context) error {
	cli.ShowVersion(c)
	return nil
}
