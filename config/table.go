package config

import (
	"slices"
	"strings"
)

// setting is one row of the table. Its name is the flag's and the file key's.
type setting struct {
	name     string
	alias    string // one-letter form of the flag, may be empty
	kind     kind
	commands Command // the commands that offer it
	category string  // heading in the help text
	usage    string  // help text, the value's placeholder in backquotes
	initial  string  // default, as a user would write it; empty leaves the field zero
	shown    string  // default in the help text, where initial says too little

	// set reads the texts of one source into the field: one text, or for a list any number.
	set func(texts []string) error
}

// kind is the shape of a setting's flag.
type kind uint8

const (
	text   kind = iota // takes a value
	toggle             // true when named
	list               // takes a value, repeatable
)

// env returns the name of the setting's environment variable.
func (s setting) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// settings returns the table, its rows bound to the fields of c.
func settings(c *Config) []setting {
	return slices.Concat(
		in("Downloads", downloadSettings(c)),
		in("Embedded server", serverSettings(c)),
		in("Time limits", timeSettings(c)),
		in("Retries", retrySettings(c)),
		in("Requests", requestSettings(c)),
		in("Images and files", fileSettings(c)),
		in("Output", outputSettings(c)),
		in("Configuration", configurationSettings(c)),
	)
}

// in puts settings under one heading.
func in(category string, settings []setting) []setting {
	for i := range settings {
		settings[i].category = category
	}
	return settings
}

func downloadSettings(c *Config) []setting {
	return []setting{
		{name: "mode", alias: "m", commands: Download, initial: "pool",
			usage: "`MODE` of the downloads: sequential, pool (of goroutines) or process (a pool of child processes)",
			set:   to(&c.Mode, oneOf("sequential", "pool", "process"))},
		{name: "n", commands: Download | Compare, shown: "16; process: number of CPUs; compare: 3",
			usage: "download `N` images at a time; compare: several numbers, with commas between; sequential ignores it",
			set:   to(&c.N, wholeNumbers(1, 65535))},
		{name: "modes", commands: Compare, initial: "sequential,pool,process",
			usage: "compare these `MODES`, with commas between",
			set:   to(&c.Modes, someOf("sequential", "pool", "process"))},
		{name: "out", alias: "o", commands: Download | Compare | Report, initial: "images",
			usage: "output `DIRECTORY`, made if missing; report: where compare left the images, for -html",
			set:   to(&c.Out, folder)},
		{name: "rounds", commands: Compare, initial: "3",
			usage: "run every mode `N` times, after a warm-up",
			set:   to(&c.Rounds, wholeNumber(1, 1000))},
		{name: "preset", commands: Compare,
			usage: "the experiment `NAME`: picsum, waves, cpu or many",
			set:   to(&c.Preset, oneOf(presetNames()...))},
		{name: "sweep", commands: Compare,
			usage: "an experiment for each value of `SETTING=VALUES`: latency=0,10ms,1s or n=1,2,4 or size=200x300,1600x1200",
			set:   to(&c.Sweep, sweep)},
	}
}

func serverSettings(c *Config) []setting {
	return []setting{
		{name: "local", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "answer every host of the list from the embedded server, with no network",
			set:   to(&c.Local, boolean)},
		{name: "addr", commands: Serve, initial: "127.0.0.1:0",
			usage: "listen on `HOST:PORT`; port 0 picks a free one",
			set:   to(&c.Addr, hostPort)},
		{name: "latency", commands: Download | Compare | Serve, initial: "500ms",
			usage: "`TIME` to the first byte of an image",
			set:   to(&c.Latency, duration)},
		{name: "jitter", commands: Download | Compare | Serve, initial: "0",
			usage: "spread of the latency, a `TIME`",
			set:   to(&c.Jitter, duration)},
		{name: "bandwidth", commands: Download | Compare | Serve, initial: "0", shown: "0, unlimited",
			usage: "`SIZE` a second for each response",
			set:   to(&c.Bandwidth, size)},
		{name: "seed", commands: Download | Compare | Serve, initial: "1",
			usage: "seed `N` of images and chance",
			set:   to(&c.Seed, integer64)},
		{name: "faults", commands: Download | Compare | Serve,
			usage: "`PLAN` of faults that the server plays, or a file with one: a01-short=2%,a91-status=5%",
			set:   to(&c.Faults, nonEmpty)},
		{name: "images", commands: Download | Compare, initial: "0",
			usage: "in place of a list, `N` URLs of the embedded server",
			set:   to(&c.Images, wholeNumber(0, 100_000_000))},
		{name: "size", commands: Download | Compare, initial: "200x300",
			usage: "`WIDTHxHEIGHT` in pixels of the images of -images",
			set:   to(&c.Size, dimensions)},
	}
}

func timeSettings(c *Config) []setting {
	return []setting{
		{name: "connect-timeout", commands: Download | Compare, initial: "10s",
			usage: "longest `TIME` for the dial and for the TLS handshake",
			set:   to(&c.ConnectTimeout, positiveDuration)},
		{name: "header-timeout", commands: Download | Compare, initial: "30s",
			usage: "longest `TIME` from request sent to response headers",
			set:   to(&c.HeaderTimeout, positiveDuration)},
		{name: "stall-timeout", commands: Download | Compare, initial: "30s",
			usage: "longest `TIME` of silence inside a body",
			set:   to(&c.StallTimeout, positiveDuration)},
		{name: "min-speed", commands: Download | Compare, initial: "1KiB",
			usage: "fail a body that brings less than `SIZE` a second for a minute; 0 is none",
			set:   to(&c.MinSpeed, size)},
		{name: "timeout", commands: Download | Compare, initial: "5m",
			usage: "longest `TIME` for one image, all attempts and waits included; 0 is none",
			set:   to(&c.Timeout, duration)},
	}
}

func retrySettings(c *Config) []setting {
	return []setting{
		{name: "retries", commands: Download | Compare, initial: "4",
			usage: "`N` attempts after the first",
			set:   to(&c.Retries, wholeNumber(0, 100))},
		{name: "retry-min", commands: Download | Compare, initial: "250ms",
			usage: "shortest back-off `TIME`",
			set:   to(&c.RetryMin, positiveDuration)},
		{name: "retry-max", commands: Download | Compare, initial: "30s",
			usage: "longest back-off `TIME`",
			set:   to(&c.RetryMax, positiveDuration)},
		{name: "retry-after-max", commands: Download | Compare, initial: "2m",
			usage: "longest Retry-After `TIME` that is waited for",
			set:   to(&c.RetryAfterMax, positiveDuration)},
	}
}

func requestSettings(c *Config) []setting {
	return []setting{
		{name: "header", alias: "H", kind: list, commands: Download | Compare,
			usage: "send the extra request `HEADER`, written Name: value; repeatable",
			set:   toHeader(&c.Header)},
		{name: "user-agent", commands: Download | Compare, shown: "grab/VERSION",
			usage: "send `TEXT` as the User-Agent",
			set:   to(&c.UserAgent, plainText)},
		{name: "max-size", commands: Download | Compare, initial: "256MiB",
			usage: "fail an image larger than `SIZE`",
			set:   to(&c.MaxSize, positiveSize)},
		{name: "max-redirects", commands: Download | Compare, initial: "10",
			usage: "follow at most `N` redirects",
			set:   to(&c.MaxRedirects, wholeNumber(0, 100))},
		{name: "http1", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "do not use HTTP/2",
			set:   to(&c.HTTP1, boolean)},
		{name: "insecure", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "do not verify TLS certificates",
			set:   to(&c.Insecure, boolean)},
		{name: "deny-private", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "connect to public addresses only, for lists from strangers",
			set:   to(&c.DenyPrivate, boolean)},
	}
}

func fileSettings(c *Config) []setting {
	return []setting{
		{name: "verify", commands: Download | Compare, initial: "structure",
			usage: "`CHECK` of each body: none, type (its first bytes say image), structure (and it is whole) or decode (and every pixel decodes)",
			set:   to(&c.Verify, oneOf("none", "type", "structure", "decode"))},
		{name: "max-pixels", commands: Download | Compare, initial: "100MP",
			usage: "largest image that decode decodes, in `PIXELS`",
			set:   to(&c.MaxPixels, pixels)},
		{name: "force", kind: toggle, commands: Download, initial: "false",
			usage: "fetch again what is already complete",
			set:   to(&c.Force, boolean)},
		{name: "check", kind: toggle, commands: Download, initial: "false",
			usage: "hash the files of earlier runs before they count as complete",
			set:   to(&c.Check, boolean)},
		{name: "retry-failed", commands: Download,
			usage: "of what failed in an earlier run, try only these `CLASSES`, with commas between",
			set:   to(&c.RetryFailed, words)},
		{name: "durable", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "make each file reach the disk before it counts",
			set:   to(&c.Durable, boolean)},
	}
}

func outputSettings(c *Config) []setting {
	return []setting{
		{name: "json", kind: toggle, commands: Download | Compare | Serve | Report, initial: "false",
			usage: "write JSON lines to standard output",
			set:   to(&c.JSON, boolean)},
		{name: "csv", kind: toggle, commands: Compare | Report, initial: "false",
			usage: "write a line of comma-separated values for each run to standard output",
			set:   to(&c.CSV, boolean)},
		{name: "markdown", kind: toggle, commands: Compare | Report, initial: "false",
			usage: "write a Markdown table to standard output",
			set:   to(&c.Markdown, boolean)},
		{name: "benchfmt", kind: toggle, commands: Compare | Report, initial: "false",
			usage: "write Go's benchmark format to standard output, for benchstat",
			set:   to(&c.Benchfmt, boolean)},
		{name: "html", commands: Compare | Report,
			usage: "write a page with everything to `FILE`",
			set:   to(&c.HTML, nonEmpty)},
		{name: "quiet", alias: "q", kind: toggle, commands: Download | Compare | Serve, initial: "false",
			usage: "no progress and no summary",
			set:   to(&c.Quiet, boolean)},
		{name: "verbose", alias: "v", kind: toggle, commands: Download | Compare | Serve, initial: "false",
			usage: "a line for each image; serve: for each request",
			set:   to(&c.Verbose, boolean)},
		{name: "progress", commands: Download | Compare, initial: "auto",
			usage: "`STYLE` of the progress: auto (bar on a terminal, plain elsewhere), bar, plain or none",
			set:   to(&c.Progress, oneOf("auto", "bar", "plain", "none"))},
	}
}

func configurationSettings(c *Config) []setting {
	return []setting{
		{name: "config", commands: Download | Compare | Serve | Report,
			usage: "TOML `FILE` with a key for each flag",
			set:   to(&c.File, nonEmpty)},
	}
}
