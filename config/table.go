package config

import (
	"slices"

	"grab/config/setting"
	"grab/config/value"
	"grab/downloader"
)

// Commands that many settings have in common.
const (
	runs  = setting.Download | setting.Compare // those that download lists
	every = runs | setting.Serve | setting.Report | setting.Status | setting.Check
)

// Settings returns the table for those who look at it and set nothing.
func Settings() []setting.Setting { return settings(&Config{}) }

// settings returns the table, its rows bound to the fields of c.
func settings(c *Config) []setting.Setting {
	return slices.Concat(
		in("Downloads", downloadSettings(c)),
		in("Embedded server", serverSettings(c)),
		in("Time limits", timeSettings(&c.Options)),
		in("Retries", retrySettings(&c.Options)),
		in("Manners", mannerSettings(&c.Options)),
		in("Requests", slices.Concat(requestSettings(&c.Options), identitySettings(c))),
		in("Images and files", slices.Concat(fileSettings(&c.Options), nameSettings(c))),
		in("Output", outputSettings(c)),
		in("Scripts", scriptSettings(c)),
		in("Configuration", configurationSettings(c)),
	)
}

// in puts settings under one heading.
func in(category string, settings []setting.Setting) []setting.Setting {
	for i := range settings {
		settings[i].Category = category
	}
	return settings
}

func downloadSettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "mode", Alias: "m", Commands: setting.Download, Initial: "pool",
			Brief: "pool (of goroutines), process or sequential",
			Usage: "download in `MODE`: sequential, pool (of goroutines) or process (a pool of child processes)",
			Set:   to(&c.Options.Mode, value.OneOf(downloader.Modes()...))},
		{Name: "n", Commands: runs, Shown: "16; process: number of CPUs; compare: 3",
			Brief: "download so many images at a time (16)",
			Usage: "download `N` images at a time, in mode sequential always 1; compare: several numbers, separated by commas",
			Set:   to(&c.N, value.Workers)},
		{Name: "modes", Commands: setting.Compare, Initial: "sequential,pool,process",
			Usage: "compare these `MODES`, separated by commas",
			Set:   to(&c.Modes, value.SomeOf(downloader.Modes()...))},
		{Name: "out", Alias: "o", Commands: runs | setting.Report | setting.Status | setting.Check, Initial: "images",
			Brief: "where the images go (images)",
			Usage: "output `DIRECTORY`, created if missing; report: where compare left the images, for -html",
			Set:   to(&c.Options.Dir, value.Path)},
		{Name: "list", Kind: setting.List, Commands: runs,
			Usage: "fetch the list at this http or https `URL` first, and read it after those that are arguments; repeatable",
			Set:   toAll(&c.WebLists, value.WebLists)},
		{Name: "list-format", Commands: runs, Shown: "told by name and content",
			Usage: "read all lists as `FORMAT`: text, csv, tsv, jsonl or aria2",
			Set:   to(&c.ListFormat, value.OneOf("text", "csv", "tsv", "jsonl", "aria2"))},
		{Name: "url-column", Commands: runs, Shown: "guessed: url, image_url, link, src and others",
			Usage: "take the URLs from the column `NAME` of a table, or from the column with that number",
			Set:   to(&c.URLColumn, value.NonEmpty)},
		{Name: "allow-empty", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "accept a list without entries, which is a mistake otherwise (exit code 2)",
			Set:   to(&c.AllowEmpty, value.Bool)},
		{Name: "rounds", Commands: setting.Compare, Shown: "6, or more if it takes more to tell all contenders apart",
			Usage: "run every mode `N` times, after a warm-up",
			Set:   to(&c.Rounds, value.Int(1, 1000))},
		{Name: "with", Kind: setting.List, Commands: setting.Compare,
			Usage: "compare with another program's `COMMAND` as well, such as 'wget2 -q --max-threads={n} -i {list}', or NAME=COMMAND; it runs in a new directory, and its work is what images it leaves there; repeatable",
			Set:   toAll(&c.With, value.Programs)},
		{Name: "preset", Commands: setting.Compare,
			Usage: "run the experiment `NAME`: picsum, waves, cpu or many",
			Set:   to(&c.Preset, value.OneOf(presetNames()...))},
		{Name: "sweep", Commands: setting.Compare,
			Usage: "run an experiment for each value of `SETTING=VALUES`: latency=0,10ms,1s or n=1,2,4 or size=200x300,1600x1200",
			Set:   to(&c.Sweep, value.ParseSweep)},
	}
}

func serverSettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "local", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "let the embedded server answer for every host of the list; no network is used",
			Set:   to(&c.Local, value.Bool)},
		{Name: "addr", Commands: setting.Serve, Initial: "127.0.0.1:0",
			Usage: "listen on `HOST:PORT`; port 0 picks a free one",
			Set:   to(&c.Addr, value.HostPort)},
		{Name: "latency", Commands: runs | setting.Serve, Initial: "500ms",
			Usage: "`TIME` to the first byte of an image",
			Set:   to(&c.Latency, value.Duration)},
		{Name: "jitter", Commands: runs | setting.Serve, Initial: "0",
			Usage: "vary the latency by up to `TIME` in both directions",
			Set:   to(&c.Jitter, value.Duration)},
		{Name: "bandwidth", Commands: runs | setting.Serve, Initial: "0", Shown: "0, unlimited",
			Usage: "`SIZE` per second for each response",
			Set:   to(&c.Bandwidth, value.Size)},
		{Name: "seed", Commands: runs | setting.Serve, Initial: "1",
			Usage: "seed `N` of the images and of all random choices",
			Set:   to(&c.Seed, value.Int64)},
		{Name: "faults", Commands: runs | setting.Serve,
			Usage: "`PLAN` of the faults that the server plays, or a file that holds one: a01-short=2%,a91-status=5%",
			Set:   to(&c.Faults, value.NonEmpty)},
		{Name: "images", Commands: runs, Initial: "0",
			Usage: "download `N` images of the embedded server in place of a list",
			Set:   to(&c.Images, value.Int(0, 100_000_000))},
		{Name: "size", Commands: runs, Initial: "200x300",
			Usage: "`WIDTHxHEIGHT` in pixels of the images of -images",
			Set:   to(&c.Size, value.Dimensions)},
	}
}

func timeSettings(o *downloader.Options) []setting.Setting {
	return []setting.Setting{
		{Name: "connect-timeout", Commands: runs, Initial: "10s",
			Usage: "longest `TIME` to connect, and again for the TLS handshake",
			Set:   to(&o.ConnectTimeout, value.PositiveDuration)},
		{Name: "header-timeout", Commands: runs, Initial: "30s",
			Usage: "longest `TIME` from the request to the response headers",
			Set:   to(&o.HeaderTimeout, value.PositiveDuration)},
		{Name: "stall-timeout", Commands: runs, Initial: "30s",
			Usage: "longest `TIME` without a byte inside a body",
			Set:   to(&o.StallTimeout, value.PositiveDuration)},
		{Name: "min-speed", Commands: runs, Initial: "1KiB",
			Usage: "fail a body that is slower than `SIZE` per second for a minute; 0: no limit",
			Set:   to(&o.MinSpeed, value.Size)},
		{Name: "timeout", Commands: runs, Initial: "5m", Shown: "5m, and longer for a body that keeps coming",
			Usage: "longest `TIME` for one image, with all attempts and waits; 0: no limit",
			Set:   to(&o.Timeout, value.Duration)},
	}
}

func retrySettings(o *downloader.Options) []setting.Setting {
	return []setting.Setting{
		{Name: "retries", Commands: runs, Initial: "4",
			Brief: "tries after the first (4)",
			Usage: "try up to `N` times more after the first attempt",
			Set:   to(&o.Retries, value.Int(0, 100))},
		{Name: "retry-min", Commands: runs, Initial: "250ms",
			Usage: "shortest back-off `TIME`",
			Set:   to(&o.RetryMin, value.PositiveDuration)},
		{Name: "retry-max", Commands: runs, Initial: "30s",
			Usage: "longest back-off `TIME`",
			Set:   to(&o.RetryMax, value.PositiveDuration)},
		{Name: "retry-status", Commands: runs,
			Usage: "try again after these `STATUSES` too, separated by commas: 403,418",
			Set:   to(&o.RetryStatus, value.Statuses)},
		{Name: "retry-after-max", Commands: runs, Initial: "2m",
			Usage: "longest Retry-After `TIME` to wait for",
			Set:   to(&o.RetryAfterMax, value.PositiveDuration)},
	}
}

func mannerSettings(o *downloader.Options) []setting.Setting {
	return []setting.Setting{
		{Name: "per-host", Commands: runs, Shown: "16; if the list has one host: -n",
			Usage: "download at most `N` images at a time from one host",
			Set:   to(&o.PerHost, value.Int(1, value.MaxWorkers))},
		{Name: "rate", Commands: runs, Shown: "unlimited",
			Brief: "requests to one host: 2/s, 30/m, 500/h",
			Usage: "send at most so many requests to one host: `N/UNIT`, such as 2/s, 30/m or 500/h",
			Set:   to(&o.Every, value.Rate)},
		{Name: "delay", Commands: runs, Initial: "0",
			Usage: "wait for `TIME` between two requests to one host, varied at random by half of it",
			Set:   to(&o.Delay, value.Duration)},
		{Name: "limit-rate", Commands: runs, Initial: "0", Shown: "0, unlimited",
			Usage: "receive at most `SIZE` per second, all downloads together",
			Set:   to(&o.LimitRate, value.Size)},
		{Name: "robots", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "obey robots.txt (RFC 9309), and its Crawl-delay",
			Set:   to(&o.Robots, value.Bool)},
		{Name: "opt-out", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "leave out images whose response headers keep them out of data sets (X-Robots-Tag, tdm-reservation)",
			Set:   to(&o.OptOut, value.Bool)},
	}
}

func requestSettings(o *downloader.Options) []setting.Setting {
	return []setting.Setting{
		{Name: "header", Alias: "H", Kind: setting.List, Commands: runs,
			Brief: "a request header, Name: value; repeatable",
			Usage: "send an extra request `HEADER`, written Name: value, or example.com: Name: value for one host; repeatable",
			Set:   toHeader(&o.Header, &o.HostHeader)},
		{Name: "user-agent", Commands: runs, Shown: "grab/VERSION",
			Usage: "send `TEXT` as the User-Agent",
			Set:   to(&o.UserAgent, value.PlainText)},
		{Name: "max-size", Commands: runs, Initial: "256MiB",
			Usage: "fail an image larger than `SIZE`",
			Set:   to(&o.MaxSize, value.PositiveSize)},
		{Name: "max-redirects", Commands: runs, Initial: "10",
			Usage: "follow at most `N` redirects",
			Set:   to(&o.MaxRedirects, value.Int(0, 100))},
		{Name: "http1", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "never use HTTP/2, not even with a server that has nothing else",
			Set:   to(&o.HTTP1, value.Bool)},
		{Name: "http2", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "use HTTP/2 with every server that has it",
			Set:   to(&o.HTTP2, value.Bool)},
		{Name: "insecure", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "do not verify TLS certificates",
			Set:   to(&o.Insecure, value.Bool)},
		{Name: "ca", Commands: runs,
			Usage: "trust the authorities in the PEM `FILE`, besides those of the system",
			Set:   to(&o.CAs, value.Authorities)},
		{Name: "cert", Commands: runs,
			Usage: "show the certificate in the PEM `FILE` to servers that ask for one",
			Set:   to(&o.ClientCert, value.PEM)},
		{Name: "key", Commands: runs, Shown: "in the file of -cert",
			Usage: "read the key of -cert from the PEM `FILE`",
			Set:   to(&o.ClientKey, value.PEM)},
		{Name: "tls-min", Commands: runs, Initial: "1.2",
			Usage: "oldest `VERSION` of TLS to accept: 1.0, 1.1, 1.2 or 1.3",
			Set:   to(&o.TLSMin, value.TLSVersion)},
		{Name: "tls-legacy", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "accept old ciphers too: without forward secrecy, and 3DES",
			Set:   to(&o.TLSLegacy, value.Bool)},
		{Name: "proxy", Commands: runs, Shown: "from the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY",
			Usage: "send all requests through the proxy at `URL`: http, https, socks5 or socks5h",
			Set:   to(&o.Proxy, value.Proxy)},
		{Name: "no-proxy", Commands: runs, Shown: "from the environment: NO_PROXY",
			Usage: "ask these `HOSTS` without a proxy, separated by commas: names, addresses, networks, or * for all",
			Set:   to(&o.NoProxy, value.NonEmpty)},
		{Name: "deny-private", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "connect to public addresses only, for lists that you do not trust",
			Set:   to(&o.DenyPrivate, value.Bool)},
		{Name: "dns", Commands: runs, Shown: "the system's",
			Usage: "look names up at these `SERVERS`, separated by commas: 1.1.1.1,9.9.9.9:53",
			Set:   to(&o.DNS, value.NameServers)},
		{Name: "4", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "connect to IPv4 addresses only",
			Set:   to(&o.IPv4Only, value.Bool)},
		{Name: "6", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "connect to IPv6 addresses only",
			Set:   to(&o.IPv6Only, value.Bool)},
	}
}

func identitySettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "referer", Commands: runs,
			Usage: "send `TEXT` as the Referer; origin: the scheme and host of each URL",
			Set:   to(&c.Options.Referer, value.PlainText)},
		{Name: "cookies", Commands: runs,
			Brief: "send a browser's cookies",
			Usage: "send the cookies in `FILE`, as browsers' exporters and curl write it, to the hosts that they are for",
			Set:   to(&c.Options.Cookies, value.Cookies)},
		{Name: "save-cookies", Commands: setting.Download,
			Usage: "at the end, write the cookies of -cookies to `FILE`, with what servers have changed; not in mode process",
			Set:   to(&c.SaveCookies, value.NonEmpty)},
		{Name: "netrc", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "send the names and passwords in ~/.netrc, or in the file that NETRC names, to their hosts",
			Set:   to(&c.Netrc, value.Bool)},
	}
}

func fileSettings(o *downloader.Options) []setting.Setting {
	return []setting.Setting{
		{Name: "verify", Commands: runs, Initial: "structure",
			Brief: "none, type, structure (is it whole?) or decode",
			Usage: "`CHECK` of each body: none, type (its first bytes are an image's), structure (and it is whole) or decode (and every pixel decodes)",
			Set:   to(&o.Verify, value.OneOf(downloader.Verifies()...))},
		{Name: "max-pixels", Commands: runs, Initial: "100MP",
			Usage: "largest image that -verify decode decodes, in `PIXELS`",
			Set:   to(&o.MaxPixels, value.Pixels)},
		{Name: "decode-memory", Commands: runs, Initial: "1GiB",
			Usage: "memory for the images that -verify decode decodes at a time, in `BYTES`; a larger image is decoded alone; 0: no limit. In mode process each child has one image at a time, whatever its size",
			Set:   to(&o.DecodeMemory, value.Size)},
		{Name: "reject", Kind: setting.List, Commands: runs,
			Usage: "fail whole images that are not wanted: `WHICH` is sha256:HEX, or url:PATTERN of the final URL, where * is any text; repeatable",
			Set:   toAll(&o.Reject, value.Rejects)},
		{Name: "force", Kind: setting.Toggle, Commands: setting.Download, Initial: "false",
			Usage: "download again what is already complete",
			Set:   to(&o.Force, value.Bool)},
		{Name: "update", Kind: setting.Toggle, Commands: setting.Download, Initial: "false",
			Brief: "replace what has changed on its server",
			Usage: "ask whether what is complete has changed (by ETag or Last-Modified), and replace what has",
			Set:   to(&o.Update, value.Bool)},
		{Name: "check", Kind: setting.Toggle, Commands: setting.Download, Initial: "false",
			Usage: "hash the files of earlier runs before they count as complete",
			Set:   to(&o.Check, value.Bool)},
		{Name: "retry-failed", Commands: setting.Download,
			Usage: "of the failures of earlier runs, try only these `CLASSES` again, separated by commas",
			Set:   to(&o.RetryFailed, value.Classes)},
		{Name: "gone-for", Commands: setting.Download, Initial: "0",
			Usage: "do not ask again for `TIME`, such as 30d, for what an earlier run found to be gone (404, 410, no such host, not an image); exit code 6 then means that nothing new has failed",
			Set:   to(&o.GoneFor, value.Days)},
		{Name: "adopt", Kind: setting.Toggle, Commands: setting.Download, Initial: "false",
			Usage: "take the whole images that are in the output directory without a record, by their places in the list",
			Set:   to(&o.Adopt, value.Bool)},
		{Name: "mtime", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "give each file the time of its Last-Modified header",
			Set:   to(&o.Mtime, value.Bool)},
		{Name: "durable", Kind: setting.Toggle, Commands: runs, Initial: "false",
			Usage: "flush each file to the disk before it counts",
			Set:   to(&o.Durable, value.Bool)},
	}
}

func nameSettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "name", Commands: setting.Download,
			Usage: "name files by `TEMPLATE`, such as {host}/{index:06} or {dir}/{base}, or as url (host and path) or base (the last part of the path)",
			Set:   to(&c.Name, value.NonEmpty)},
		{Name: "on-conflict", Commands: setting.Download, Initial: "number",
			Usage: "what to `DO` with an entry whose name another one has: number (it gets -2) or fail",
			Set:   to(&c.OnConflict, value.OneOf("number", "fail"))},
		{Name: "dedupe", Kind: setting.Toggle, Commands: setting.Download, Initial: "false",
			Usage: "store equal bytes once: further images with them are hard links to the first",
			Set:   to(&c.Dedupe, value.Bool)},
	}
}

func outputSettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "json", Kind: setting.Toggle, Commands: every, Initial: "false",
			Brief: "write a line of JSON for each image",
			Usage: "write JSON lines to standard output",
			Set:   to(&c.JSON, value.Bool)},
		{Name: "csv", Kind: setting.Toggle, Commands: setting.Compare | setting.Report | setting.Status, Initial: "false",
			Usage: "write CSV to standard output, a line for each run; status: for each image",
			Set:   to(&c.CSV, value.Bool)},
		{Name: "failed", Kind: setting.Toggle, FlagOnly: true, Commands: setting.Status, Initial: "false",
			Usage: "print what failed, as a list: URLs, or JSON lines if there are other columns",
			Set:   to(&c.Failed, value.Bool)},
		{Name: "markdown", Kind: setting.Toggle, Commands: setting.Compare | setting.Report, Initial: "false",
			Usage: "write a Markdown table to standard output",
			Set:   to(&c.Markdown, value.Bool)},
		{Name: "benchfmt", Kind: setting.Toggle, Commands: setting.Compare | setting.Report, Initial: "false",
			Usage: "write Go's benchmark format to standard output, for benchstat",
			Set:   to(&c.Benchfmt, value.Bool)},
		{Name: "html", Commands: setting.Compare | setting.Report,
			Usage: "write the whole report to `FILE`, as a web page",
			Set:   to(&c.HTML, value.NonEmpty)},
		{Name: "quiet", Alias: "q", Kind: setting.Toggle, Commands: runs | setting.Serve, Initial: "false",
			Brief: "say nothing but what failed",
			Usage: "say nothing but what failed",
			Set:   to(&c.Quiet, value.Bool)},
		{Name: "silent", Alias: "qq", Kind: setting.Toggle, Commands: runs | setting.Serve, Initial: "false",
			Usage: "say nothing at all",
			Set:   to(&c.Silent, value.Bool)},
		{Name: "verbose", Alias: "v", Kind: setting.Toggle, Commands: runs | setting.Serve, Initial: "false",
			Usage: "print a line for each image; serve: for each request",
			Set:   to(&c.Verbose, value.Bool)},
		{Name: "progress", Commands: runs, Initial: "auto",
			Usage: "`STYLE` of the progress: auto (bar on a terminal, plain elsewhere), bar, plain or none",
			Set:   to(&c.Progress, value.OneOf("auto", "bar", "plain", "none"))},
		{Name: "web", Commands: runs,
			Usage: "show the run on a web page at `ADDR`, such as :8080, with metrics and JSON; only this machine can open it, unless ADDR has another host",
			Set:   to(&c.Web, value.PageAddress)},
	}
}

func configurationSettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "config", Commands: every,
			Usage: "read settings from the TOML `FILE`, with a key for each flag", Shown: "the user's own, if there is one",
			Set: to(&c.File, value.NonEmpty)},
		{Name: "no-config", Kind: setting.Toggle, Commands: every, Initial: "false",
			Usage: "read no file of settings, not even the user's own",
			Set:   to(&c.NoFile, value.Bool)},
	}
}
