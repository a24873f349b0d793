package config

import (
	"slices"

	"github.com/urfave/cli/v2"

	"grab/downloader"
)

// Flags returns the flags of one command. They are new on each call because the
// library keeps state in them. App.DisableSliceFlagSeparator must be set, or the
// library splits headers at their commas.
func Flags(cmd Command) []cli.Flag {
	var flags []cli.Flag
	for _, s := range settings(&Config{}) {
		if s.of(cmd) {
			flags = append(flags, s.flag())
		}
	}
	return flags
}

// flag returns the setting as a flag. Its value stays text: the table parses it.
func (s setting) flag() cli.Flag {
	var aliases []string
	if s.alias != "" {
		aliases = []string{s.alias}
	}
	shown := s.shown
	if shown == "" {
		shown = s.initial
	}
	switch s.kind {
	case toggle:
		return &cli.BoolFlag{Name: s.name, Aliases: aliases, Category: s.category, Usage: s.usage, DisableDefaultText: true}
	case list:
		return &cli.StringSliceFlag{Name: s.name, Aliases: aliases, Category: s.category, Usage: s.usage, DefaultText: shown}
	default:
		return &cli.StringFlag{Name: s.name, Aliases: aliases, Category: s.category, Usage: s.usage, DefaultText: shown}
	}
}

// fromFlags returns what the flags of c and of the commands above it say. The
// nearest command overrides the others: `grab -n 3 compare` is `grab compare -n 3`.
func fromFlags(c *cli.Context, cmd Command) (source, error) {
	flags := source{}
	for _, level := range c.Lineage() {
		set := level.LocalFlagNames()
		for _, s := range settings(&Config{}) {
			if !slices.Contains(set, s.name) {
				continue
			}
			if !s.of(cmd) {
				return nil, notOffered(s.name, s, cmd)
			}
			if _, nearer := flags[s.name]; nearer {
				continue
			}
			texts := []string{level.String(s.name)}
			if s.kind == list {
				texts = level.StringSlice(s.name)
			}
			flags[s.name] = choice{origin: "-" + s.name, texts: texts}
		}
	}
	return flags, nil
}

// notOffered returns the error for a flag, typed as name, that cmd does not have.
func notOffered(name string, s setting, cmd Command) error {
	return downloader.UsageErrorf("-"+name, "is a flag of %s, not of %s", s.commands, cmd)
}
