package config

import (
	"os"

	"github.com/urfave/cli/v2"
)

// source is what one source says, by setting name.
type source map[string]given

// given is what one source says about one setting.
type given struct {
	name  string // as the user knows it: "-n", "GRAB_N", "grab.toml: n"
	texts []string
}

// Resolve returns the configuration of the command whose action received c:
// flag over environment over file over default, for each setting. Where the
// command offers N and nobody chose it, N is 16 for mode pool, the number of
// CPUs for mode process and 3 for compare; for mode sequential it is 1.
// A mistake of the user is an [*Error].
func Resolve(c *cli.Context, cmd Command) (Config, error) {
	return resolve(c, cmd, os.Environ())
}

func resolve(c *cli.Context, cmd Command, environ []string) (Config, error) {
	flags, err := fromFlags(c, cmd)
	if err != nil {
		return Config{}, err
	}
	env, err := fromEnvironment(environ)
	if err != nil {
		return Config{}, err
	}
	file, err := namedFile(flags, env)
	if err != nil {
		return Config{}, err
	}
	var fixed *preset
	var conditions source
	if cmd == Compare {
		if fixed, conditions, err = applyPreset(flags, env, file); err != nil {
			return Config{}, err
		}
	}
	cfg, chosen, err := merge(cmd, file, env, conditions, flags)
	if err != nil {
		return Config{}, err
	}
	cfg.Lists = c.Args().Slice()
	if fixed != nil {
		if err := settlePreset(&cfg, fixed, chosen); err != nil {
			return Config{}, err
		}
	}
	if err := settle(&cfg, cmd, chosen, flags); err != nil {
		return Config{}, err
	}
	return cfg, nil
}

// namedFile reads the configuration file that the flag, or else the
// environment, names.
func namedFile(flags, env source) (source, error) {
	named, ok := flags["config"]
	if !ok {
		named, ok = env["config"]
	}
	if !ok || named.texts[0] == "" { // an empty name is refused by the table
		return nil, nil
	}
	return fromFile(named.texts[0], named.name)
}

// merge reads the sources, the last one deciding, over the defaults. It also
// returns, for each setting that somebody chose, the choice that decided.
// Settings of other commands are read too, so that one file serves them all
// and its mistakes do not hide, but they are not kept.
func merge(cmd Command, sources ...source) (Config, source, error) {
	var cfg, ignored Config
	chosen := source{}
	rows, ignoredRows := settings(&cfg), settings(&ignored)
	for i, s := range rows {
		offered := s.commands&cmd != 0
		if !offered {
			s = ignoredRows[i]
		}
		if s.initial != "" {
			if err := s.set([]string{s.initial}); err != nil {
				return Config{}, nil, &Error{Source: "-" + s.name, Reason: err.Error()}
			}
		}
		for _, src := range sources {
			g, ok := src[s.name]
			if !ok {
				continue
			}
			if err := s.set(g.texts); err != nil {
				return Config{}, nil, &Error{Source: g.name, Reason: err.Error()}
			}
			if offered {
				chosen[s.name] = g
			}
		}
	}
	return cfg, chosen, nil
}
