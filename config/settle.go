package config

import (
	"runtime"
	"strconv"
)

// settle checks the settings against each other, and fills what depends on
// more than one of them.
func settle(cfg *Config, cmd Command, chosen, flags source) error {
	if cfg.Quiet && cfg.Verbose {
		return &Error{Source: chosen["verbose"].name, Reason: "contradicts " + chosen["quiet"].name}
	}
	if err := settleForm(cfg, chosen); err != nil || cmd == Report {
		return err
	}
	if cmd == Serve {
		if len(cfg.Lists) > 0 {
			return &Error{Source: cmd.String(), Reason: "takes no arguments, but got " + strconv.Quote(cfg.Lists[0])}
		}
		return nil
	}
	if cfg.RetryMin > cfg.RetryMax {
		culprit, ok := chosen["retry-min"]
		if !ok {
			culprit = chosen["retry-max"]
		}
		return &Error{Source: culprit.name, Reason: "the shortest back-off (" + cfg.RetryMin.String() +
			") is above the longest (" + cfg.RetryMax.String() + ")"}
	}
	if cmd == Download && len(cfg.N) > 1 {
		return &Error{Source: chosen["n"].name, Reason: "takes one number; grab compare takes several"}
	}
	if cfg.Mode == "sequential" {
		cfg.N = []int{1}
	} else if len(cfg.N) == 0 {
		cfg.N = []int{defaultN(cmd, cfg.Mode)}
	}
	if g, ok := flags[cfg.Sweep.Name]; ok {
		return &Error{Source: g.name, Reason: "contradicts " + chosen["sweep"].name + " " + cfg.Sweep.String()}
	}
	return settleLocal(cfg, flags)
}

// settleForm refuses several forms of standard output at once.
func settleForm(cfg *Config, chosen source) error {
	first := ""
	for _, form := range []struct {
		name string
		on   bool
	}{{"json", cfg.JSON}, {"csv", cfg.CSV}, {"markdown", cfg.Markdown}, {"benchfmt", cfg.Benchfmt}} {
		if !form.on {
			continue
		}
		if first != "" {
			return &Error{Source: chosen[form.name].name, Reason: "contradicts " + chosen[first].name}
		}
		first = form.name
	}
	return nil
}

// settleLocal refuses flags of the embedded server that could have no effect.
// In the environment or a file they may stand idle: those serve many runs.
func settleLocal(cfg *Config, flags source) error {
	if !cfg.Local {
		for _, name := range []string{"latency", "jitter", "bandwidth", "seed", "images", "size"} {
			if g, ok := flags[name]; ok {
				return &Error{Source: g.name, Reason: "has no meaning without -local"}
			}
		}
		if g, ok := flags["sweep"]; ok && cfg.Sweep.Name != "n" {
			return &Error{Source: g.name, Reason: cfg.Sweep.String() + " has no meaning without -local"}
		}
	}
	for name, used := range map[string]bool{"size": true, "sweep": cfg.Sweep.Name == "size"} {
		if g, ok := flags[name]; ok && used && cfg.Images == 0 {
			return &Error{Source: g.name, Reason: "a size is of the images of -images, and there are none"}
		}
	}
	if g, ok := flags["images"]; ok && cfg.Images > 0 && len(cfg.Lists) > 0 {
		return &Error{Source: g.name, Reason: "stands in place of a list; give one or the other"}
	}
	if !cfg.Local || len(cfg.Lists) > 0 {
		cfg.Images = 0
	}
	if cfg.Images == 0 {
		cfg.Size = ""
	}
	return nil
}

// defaultN is the number of downloads at a time when nobody chose one.
func defaultN(cmd Command, mode string) int {
	switch {
	case cmd == Compare:
		return 3
	case mode == "process":
		return runtime.NumCPU()
	default:
		return 16
	}
}
