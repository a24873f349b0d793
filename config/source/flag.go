package source

import (
	"strings"

	"github.com/urfave/cli/v2"

	"grab/config/setting"
)

// Flags returns the flags of one command. They are new on each call because the
// library keeps state in them. App.DisableSliceFlagSeparator must be set, or the
// library splits headers at their commas.
func Flags(table []setting.Setting, cmd setting.Command) []cli.Flag {
	var flags []cli.Flag
	for _, s := range table {
		if s.Of(cmd) {
			flags = append(flags, NewFlag(s))
		}
	}
	return flags
}

// NewFlag returns a setting as a flag. Its value stays text: the table parses it.
func NewFlag(s setting.Setting) cli.Flag {
	var aliases []string
	if s.Alias != "" {
		aliases = []string{s.Alias}
	}
	shown := s.Standard()
	known := append([]string{s.Name}, aliases...)
	switch s.Kind {
	case setting.Toggle:
		return &toggleFlag{&cli.BoolFlag{Name: s.Name, Aliases: aliases, Category: s.Category, Usage: s.Usage, DisableDefaultText: true}, known}
	case setting.List:
		return &listFlag{&cli.StringSliceFlag{Name: s.Name, Aliases: aliases, Category: s.Category, Usage: s.Usage, DefaultText: shown}, known}
	default:
		return &textFlag{&cli.StringFlag{Name: s.Name, Aliases: aliases, Category: s.Category, Usage: s.Usage, DefaultText: shown}, known}
	}
}

// toggleFlag is a flag without a value. It and the other kinds know their names: the library
// asks each flag for them on behalf of every other, and its own flags search them for commas
// each time, which was most of what grab did before its first request.
type toggleFlag struct {
	*cli.BoolFlag
	names []string
}

// Names implements [cli.Flag].
func (f *toggleFlag) Names() []string { return f.names }

// textFlag is a flag with a value.
type textFlag struct {
	*cli.StringFlag
	names []string
}

// Names implements [cli.Flag].
func (f *textFlag) Names() []string { return f.names }

// listFlag is a flag that may be repeated.
type listFlag struct {
	*cli.StringSliceFlag
	names []string
}

// Names implements [cli.Flag].
func (f *listFlag) Names() []string { return f.names }

// String describes the flag in the help text, with its names once. The library has them
// twice, which leaves little room for the usage texts of the category.
func (f *listFlag) String() string {
	names, usage, _ := strings.Cut(f.StringSliceFlag.String(), "\t")
	names, _, _ = strings.Cut(names, " [ ")
	return names + "\t" + usage
}
