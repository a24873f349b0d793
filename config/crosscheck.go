package config

import (
	"crypto/tls"
	"runtime"

	"grab/config/setting"
	"grab/config/source"
	"grab/config/value"
	"grab/downloader"
)

// crossCheck checks the settings against each other, and sets those that depend on
// others.
func crossCheck(cfg *Config, cmd setting.Command, chosen, flags source.Choices) error {
	for name, on := range map[string]bool{"quiet": cfg.Quiet && !cfg.Silent, "silent": cfg.Silent} {
		if on && cfg.Verbose {
			return downloader.UsageErrorf(chosen["verbose"].Origin, "contradicts %s", chosen[name].Origin)
		}
	}
	cfg.Quiet = cfg.Quiet || cfg.Silent
	if cfg.Options.IPv4Only && cfg.Options.IPv6Only {
		return downloader.UsageErrorf(chosen["6"].Origin, "contradicts %s", chosen["4"].Origin)
	}
	if cfg.Options.HTTP1 && cfg.Options.HTTP2 {
		return downloader.UsageErrorf(chosen["http2"].Origin, "contradicts %s", chosen["http1"].Origin)
	}
	if err := checkForm(cfg, chosen); err != nil || cmd&(setting.Report|setting.Status|setting.Check) != 0 {
		return err
	}
	if cmd == setting.Serve {
		if len(cfg.Lists) > 0 {
			return downloader.UsageErrorf(cmd.String(), "takes no arguments, but got %q", cfg.Lists[0])
		}
		return nil
	}
	if err := checkBackoff(&cfg.Options, chosen); err != nil {
		return err
	}
	if _, ok := chosen["timeout"]; !ok {
		cfg.Options.TimeoutGrows = true
	}
	if err := checkTLS(&cfg.Options, chosen); err != nil {
		return err
	}
	if c, ok := chosen["save-cookies"]; ok {
		if cfg.Options.Cookies == "" {
			return downloader.UsageErrorf(c.Origin, "has no meaning without -cookies")
		}
		if cfg.Options.Mode == downloader.Process {
			return downloader.UsageErrorf(c.Origin, "has no meaning in mode process: each child has cookies of its own")
		}
	}
	if cfg.Netrc {
		content, err := value.Netrc()
		if err != nil {
			return &downloader.UsageError{Source: chosen["netrc"].Origin, Err: err}
		}
		cfg.Options.Netrc = content
	}
	if cmd == setting.Download && len(cfg.N) > 1 {
		return downloader.UsageErrorf(chosen["n"].Origin, "takes one number; grab compare takes several")
	}
	if cfg.Options.Mode == downloader.Sequential {
		cfg.N = []int{1}
	} else if len(cfg.N) == 0 {
		cfg.N = []int{defaultN(cmd, cfg.Options.Mode)}
	}
	if c, ok := flags["part-by"]; ok && cfg.Part.Of == 0 {
		return downloader.UsageErrorf(c.Origin, "has no meaning without -part")
	}
	if c, ok := flags[cfg.Sweep.Name]; ok {
		return downloader.UsageErrorf(c.Origin, "contradicts %s %s", chosen["sweep"].Origin, cfg.Sweep)
	}
	return checkServer(cfg, flags)
}

// checkForm refuses more than one form of standard output.
func checkForm(cfg *Config, chosen source.Choices) error {
	first := ""
	for _, form := range []struct {
		name string
		on   bool
	}{{"json", cfg.JSON}, {"csv", cfg.CSV}, {"markdown", cfg.Markdown}, {"benchfmt", cfg.Benchfmt}, {"failed", cfg.Failed}} {
		if !form.on {
			continue
		}
		if first != "" {
			return downloader.UsageErrorf(chosen[form.name].Origin, "contradicts %s", chosen[first].Origin)
		}
		first = form.name
	}
	return nil
}

// checkBackoff refuses a shortest back-off above the longest.
func checkBackoff(o *downloader.Options, chosen source.Choices) error {
	if o.RetryMin <= o.RetryMax {
		return nil
	}
	culprit, ok := chosen["retry-min"]
	if !ok {
		culprit = chosen["retry-max"]
	}
	return downloader.UsageErrorf(culprit.Origin, "the shortest back-off (%v) is above the longest (%v)", o.RetryMin, o.RetryMax)
}

// checkTLS reads the client's key from the file of the certificate, if no other is
// named, and refuses a pair that does not fit.
func checkTLS(o *downloader.Options, chosen source.Choices) error {
	if len(o.ClientCert) == 0 {
		if c, ok := chosen["key"]; ok {
			return downloader.UsageErrorf(c.Origin, "has no meaning without -cert")
		}
		return nil
	}
	if len(o.ClientKey) == 0 {
		o.ClientKey = o.ClientCert
	}
	if _, err := tls.X509KeyPair(o.ClientCert, o.ClientKey); err != nil {
		return &downloader.UsageError{Source: chosen["cert"].Origin, Err: err}
	}
	return nil
}

// checkServer refuses flags of the embedded server that could have no effect. The
// environment and a file may have them: those serve many runs.
func checkServer(cfg *Config, flags source.Choices) error {
	if c, ok := flags["proxy"]; ok && cfg.Local {
		return downloader.UsageErrorf(c.Origin, "has no meaning with -local")
	}
	if !cfg.Local {
		for _, name := range []string{"latency", "jitter", "bandwidth", "seed", "faults", "images", "size"} {
			if c, ok := flags[name]; ok {
				return downloader.UsageErrorf(c.Origin, "has no meaning without -local")
			}
		}
		if c, ok := flags["sweep"]; ok && cfg.Sweep.Name != "n" {
			return downloader.UsageErrorf(c.Origin, "%s has no meaning without -local", cfg.Sweep)
		}
	}
	if cfg.Images == 0 {
		if c, ok := flags["size"]; ok {
			return downloader.UsageErrorf(c.Origin, "has no meaning without -images")
		}
		if c, ok := flags["sweep"]; ok && cfg.Sweep.Name == "size" {
			return downloader.UsageErrorf(c.Origin, "%s has no meaning without -images", cfg.Sweep)
		}
	}
	if c, ok := flags["images"]; ok && cfg.Images > 0 && len(cfg.Lists) > 0 {
		return downloader.UsageErrorf(c.Origin, "replaces a list; give one or the other")
	}
	if !cfg.Local || len(cfg.Lists) > 0 {
		cfg.Images = 0
	}
	if cfg.Images == 0 {
		cfg.Size = ""
	}
	return nil
}

// defaultN returns the number of downloads at a time when nobody chose one.
func defaultN(cmd setting.Command, mode downloader.Mode) int {
	switch {
	case cmd == setting.Compare:
		return 3
	case mode == downloader.Process:
		return runtime.NumCPU()
	default:
		return downloader.Defaults().Workers
	}
}
