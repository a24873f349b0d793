package help

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"grab/config/args"
	"grab/config/setting"
	"grab/config/source"
	"grab/downloader"
)

// maxColumns is the longest line of a help text, even on a wider terminal.
const maxColumns = 100

// Wrap makes the help texts fit that many columns. The library leaves lines that are
// longer to the terminal, which breaks them inside words.
func Wrap(columns int) {
	cli.HelpPrinter = func(w io.Writer, template string, data any) {
		var b strings.Builder
		cli.HelpPrinterCustom(&b, template, data, nil)
		for line := range strings.Lines(b.String()) {
			_, _ = io.WriteString(w, wrap(line, min(columns, maxColumns)))
		}
	}
}

// wrap breaks a line of help between words. The rest of a description goes on below
// its beginning, which is after the last gap of two spaces or more. Where that would leave
// it too narrow, it goes on near the margin.
func wrap(line string, columns int) string {
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

// Command is `grab help COMMAND`, which says what `grab COMMAND -help` says, and `grab
// help flags`.
func Command(c *cli.Context, table []setting.Setting) error {
	name := c.Args().First()
	switch name {
	case "":
		return cli.ShowAppHelp(c)
	case "flags":
		app := &cli.App{
			Name: c.App.Name, Usage: c.App.Usage, UsageText: c.App.UsageText, Flags: allFlags(table), Commands: c.App.Commands,
			HideHelpCommand: true, Writer: c.App.Writer,
		}
		app.Setup()
		cli.HelpPrinter(c.App.Writer, cli.AppHelpTemplate, app)
		return nil
	}
	for _, command := range c.App.Commands {
		if command.HasName(name) {
			return cli.ShowCommandHelp(c, name)
		}
	}
	return downloader.UsageErrorf("", "unknown command %s%s", name, args.DidYouMean("", args.Suggest(name, setting.SubcommandNames())))
}

// allFlags returns the flags of all commands. Of those that grab itself lacks, the texts
// begin with their commands.
func allFlags(table []setting.Setting) []cli.Flag {
	var flags []cli.Flag
	for _, s := range table {
		s.Usage = s.UsageFor(setting.Download)
		flags = append(flags, source.NewFlag(s))
	}
	return append(flags, cli.HelpFlag, cli.VersionFlag)
}

// Synopsis returns the forms of a command line.
func Synopsis() string {
	var b strings.Builder
	b.WriteString("grab [flags] LIST|URL ...\n")
	for _, d := range setting.Subcommands() {
		flags := ""
		if d.Command != 0 {
			flags = " [flags]"
		}
		b.WriteString(strings.TrimRight("grab "+d.Name+flags+" "+d.Arguments, " ") + "\n")
	}
	return b.String() + "\nLIST is a file with one URL per line; - is standard input."
}

// Short returns the help that fits a screen of 80 columns and 24 lines, with the line of
// the prompt after it.
func Short(table []setting.Setting) string {
	var b strings.Builder
	b.WriteString(`grab downloads lists of images: grab [flags] LIST|URL ...

  grab urls.txt                        into images/; again: what is missing
  grab -out shop -rate 2/s shop.csv    a table; two requests a second to a host
  grab https://example.com/photo.jpg   one image
  grab status images                   what is there, what failed and why

`)
	for _, s := range table {
		if s.Brief == "" {
			continue
		}
		names := "-" + s.Name
		if s.Alias != "" {
			names += ", -" + s.Alias
		}
		fmt.Fprintf(&b, "  %-22s %s\n", strings.TrimSpace(names+" "+s.Placeholder()), s.Brief)
	}
	b.WriteString("\nCommands: " + strings.Join(setting.SubcommandNames(), " ") +
		"\nAll flags: grab help flags. A command: grab help COMMAND. The manual: grab man\n")
	return b.String()
}
