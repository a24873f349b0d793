package config

import (
	"os"

	"github.com/urfave/cli/v2"

	"grab/config/setting"
	"grab/config/source"
	"grab/downloader"
)

// Resolve returns the configuration of cmd, whose action got c. For each setting, a
// flag overrides the environment, which overrides the file, which overrides the
// default. The default of N is 16 for mode pool, the number of CPUs for mode process
// and 3 for compare. Mode sequential always has 1. A mistake of the user is a
// [*downloader.UsageError].
func Resolve(c *cli.Context, cmd setting.Command) (Config, error) {
	return resolve(c, cmd, os.Environ(), source.UserFile())
}

// userFile is the file that is read if it is there and no other is named.
func resolve(c *cli.Context, cmd setting.Command, environ []string, userFile string) (Config, error) {
	table := Settings()
	flags, err := source.FromFlags(c, cmd, table)
	if err != nil {
		return Config{}, err
	}
	env, warnings := source.FromEnvironment(environ, table)
	file, path, err := source.FromFile(flags, env, userFile, table)
	if err != nil {
		return Config{}, err
	}
	var experiment *preset
	var conditions source.Choices
	if cmd == setting.Compare {
		if experiment, conditions, err = applyPreset(flags, env, file); err != nil {
			return Config{}, err
		}
	}
	cfg, chosen, err := merge(cmd, file, env, conditions, flags)
	if err != nil {
		return Config{}, err
	}
	cfg.Lists, cfg.Warnings, cfg.File = append(c.Args().Slice(), cfg.WebLists...), warnings, path
	if err := cfg.Part.Resolve(environ, chosen["part"].Origin); err != nil {
		return Config{}, err
	}
	if experiment != nil {
		if err := checkPreset(&cfg, chosen); err != nil {
			return Config{}, err
		}
		cfg.Lists = experiment.lists
	}
	if err := crossCheck(&cfg, cmd, chosen, flags); err != nil {
		return Config{}, err
	}
	return cfg, nil
}

// merge parses the sources over the defaults, each overriding those before it. For
// each setting that a source has, it also returns the choice that prevailed.
// The settings of other commands are parsed and dropped: one file may serve all
// commands, and its mistakes are reported by each of them.
func merge(cmd setting.Command, sources ...source.Choices) (Config, source.Choices, error) {
	var cfg, dropped Config
	chosen := source.Choices{}
	rows, droppedRows := settings(&cfg), settings(&dropped)
	for i, s := range rows {
		if s.OtherOf(cmd, rows) {
			continue
		}
		if !s.Of(cmd) {
			s = droppedRows[i]
		}
		if s.Initial != "" {
			if err := s.Set([]string{s.Initial}); err != nil {
				return Config{}, nil, &downloader.UsageError{Source: "-" + s.Name, Err: err}
			}
		}
		for _, src := range sources {
			c, ok := src[s.Name]
			if !ok || s.FlagOnly && c.Origin != "-"+s.Name {
				continue
			}
			if err := s.Set(c.Texts); err != nil {
				return Config{}, nil, &downloader.UsageError{Source: c.Origin, Err: err}
			}
			if s.Of(cmd) {
				chosen[s.Name] = c
			}
		}
	}
	return cfg, chosen, nil
}
