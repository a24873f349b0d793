package config

import (
	"grab/config/source"
	"grab/downloader"
)

// applyPreset returns the preset that the sources name and the source that holds its
// conditions, or nil if they name none. A flag cannot change a condition; in the
// environment and the file conditions are ignored and removed.
func applyPreset(flags, env, file source.Choices) (*preset, source.Choices, error) {
	p := namedPreset(flags, env, file)
	if p == nil {
		return nil, nil, nil
	}
	origin := "-preset " + p.name
	conditions := source.Choices{"rounds": {Origin: origin, Texts: []string{p.rounds}}}
	for _, s := range Settings() {
		value, fixed := p.fixes(s)
		if !fixed {
			continue
		}
		same := s.Name == "local" && len(flags["local"].Texts) > 0 && flags["local"].Texts[0] == "true"
		if c, ok := flags[s.Name]; ok && !same {
			return nil, nil, downloader.UsageErrorf(c.Origin, "is fixed by %s", origin)
		}
		delete(env, s.Name)
		delete(file, s.Name)
		if value != "" {
			conditions[s.Name] = source.Choice{Origin: origin, Texts: []string{value}}
		}
	}
	return p, conditions, nil
}

// namedPreset returns nil for an unknown name as well: merge refuses it.
func namedPreset(flags, env, file source.Choices) *preset {
	for _, src := range []source.Choices{flags, env, file} {
		c, ok := src["preset"]
		if !ok {
			continue
		}
		for _, p := range presets() {
			if c.Texts[0] == p.name {
				return &p
			}
		}
		return nil
	}
	return nil
}

// checkPreset refuses arguments and a sweep beside a preset.
func checkPreset(cfg *Config, chosen source.Choices) error {
	if len(cfg.Lists) > 0 {
		return downloader.UsageErrorf(chosen["preset"].Origin, "has its own list, but got %q", cfg.Lists[0])
	}
	if cfg.Sweep.Name != "" {
		return downloader.UsageErrorf(chosen["sweep"].Origin, "contradicts %s, whose conditions are fixed", chosen["preset"].Origin)
	}
	return nil
}
