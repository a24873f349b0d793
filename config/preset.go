package config

import "fmt"

// preset is an experiment whose conditions are fixed.
type preset struct {
	name   string
	lists  []string          // in place of arguments
	fixed  map[string]string // settings, by name; nobody else may choose them
	rounds string            // the default
}

// presets returns the presets. Rounds are as many as it takes to tell a
// difference between any two of a preset's contenders, and no more.
func presets() []preset {
	picsum := []string{}
	for i := range 5 {
		picsum = append(picsum, fmt.Sprintf("https://picsum.photos/200/%d", 300+i))
	}
	return []preset{
		{name: "picsum", lists: picsum, rounds: "6",
			fixed: map[string]string{"latency": "1.85s", "n": "3"}},
		{name: "waves", rounds: "5", // sequential is one wave for each image: 100 s a round, to learn nothing
			fixed: map[string]string{"images": "100", "latency": "1s", "n": "3,100", "modes": "pool"}},
		{name: "cpu", rounds: "7",
			fixed: map[string]string{"images": "64", "latency": "0", "n": "1,2,4,8", "size": "1600x1200", "verify": "decode"}},
		{name: "many", rounds: "6",
			fixed: map[string]string{"images": "10000", "latency": "0", "n": "16", "size": "32x32"}},
	}
}

func presetNames() []string {
	var names []string
	for _, p := range presets() {
		names = append(names, p.name)
	}
	return names
}

// conditions returns what a preset says of every setting that its claims depend
// on: those that it does not name have their defaults.
func (p *preset) conditions() source {
	said := source{}
	for _, s := range settings(&Config{}) {
		value, named := p.fixed[s.name]
		switch {
		case named:
		case s.name == "local":
			value = "true"
		case s.name == "faults", s.name == "images", s.name == "modes", s.name == "n", s.name == "verify", s.name == "latency",
			s.name == "jitter", s.name == "bandwidth", s.name == "seed", s.name == "size", s.name == "http1", s.name == "durable":
			value = s.initial
		default:
			continue
		}
		if value != "" {
			said[s.name] = given{name: "-preset " + p.name, texts: []string{value}}
		} else {
			said[s.name] = given{} // must be left alone
		}
	}
	return said
}

// applyPreset puts the preset that the flags name, if any, between the flags and
// the other sources. What it fixes may not be chosen by a flag; in the
// environment or a file it stands idle.
func applyPreset(flags, env, file source) (*preset, source, error) {
	var named given
	for _, src := range []source{file, env, flags} {
		if g, ok := src["preset"]; ok {
			named = g
		}
	}
	for _, p := range presets() {
		if len(named.texts) == 0 || named.texts[0] != p.name {
			continue
		}
		said := p.conditions()
		for name := range said {
			if g, ok := flags[name]; ok && !(name == "local" && g.texts[0] == "true") { // which it is
				return nil, nil, &Error{Source: g.name, Reason: "is fixed by -preset " + p.name}
			}
			delete(env, name)
			delete(file, name)
			if len(said[name].texts) == 0 {
				delete(said, name)
			}
		}
		said["rounds"] = given{name: "-preset " + p.name, texts: []string{p.rounds}}
		return &p, said, nil
	}
	return nil, nil, nil
}

// settlePreset gives a preset its list, and refuses what contradicts it.
func settlePreset(cfg *Config, p *preset, chosen source) error {
	if len(cfg.Lists) > 0 {
		return &Error{Source: chosen["preset"].name, Reason: "has a list of its own, but got " + fmt.Sprintf("%q", cfg.Lists[0])}
	}
	if cfg.Sweep.Name != "" {
		return &Error{Source: chosen["sweep"].name, Reason: "contradicts " + chosen["preset"].name + ", whose conditions are fixed"}
	}
	cfg.Lists = p.lists
	return nil
}
