package config

import (
	"slices"

	"grab/downloader"
)

// settings returns the table, its rows bound to the fields of c.
func settings(c *Config) []setting {
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
func in(category string, settings []setting) []setting {
	for i := range settings {
		settings[i].category = category
	}
	return settings
}

func downloadSettings(c *Config) []setting {
	return []setting{
		{name: "mode", alias: "m", commands: Download, initial: "pool",
			brief: "pool (of goroutines), process or sequential",
			usage: "download in `MODE`: sequential, pool (of goroutines) or process (a pool of child processes)",
			set:   to(&c.Options.Mode, oneOf(downloader.Modes()...))},
		{name: "n", commands: Download | Compare, shown: "16; process: number of CPUs; compare: 3",
			brief: "download so many images at a time (16)",
			usage: "download `N` images at a time, in mode sequential always 1; compare: several numbers, separated by commas",
			set:   to(&c.N, workers)},
		{name: "modes", commands: Compare, initial: "sequential,pool,process",
			usage: "compare these `MODES`, separated by commas",
			set:   to(&c.Modes, someOf(downloader.Modes()...))},
		{name: "out", alias: "o", commands: Download | Compare | Report | Status | Check, initial: "images",
			brief: "where the images go (images)",
			usage: "output `DIRECTORY`, created if missing; report: where compare left the images, for -html",
			set:   to(&c.Options.Dir, folder)},
		{name: "list", kind: list, commands: Download | Compare,
			usage: "fetch the list at this http or https `URL` first, and read it after those that are arguments; repeatable",
			set:   toWebLists(&c.WebLists)},
		{name: "list-format", commands: Download | Compare, shown: "told by name and content",
			usage: "read all lists as `FORMAT`: text, csv, tsv, jsonl or aria2",
			set:   to(&c.ListFormat, oneOf("text", "csv", "tsv", "jsonl", "aria2"))},
		{name: "url-column", commands: Download | Compare, shown: "guessed: url, image_url, link, src and others",
			usage: "take the URLs from the column `NAME` of a table, or from the column with that number",
			set:   to(&c.URLColumn, nonEmpty)},
		{name: "allow-empty", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "accept a list without entries, which is a mistake otherwise (exit code 2)",
			set:   to(&c.AllowEmpty, boolean)},
		{name: "rounds", commands: Compare, shown: "6, or more if it takes more to tell all contenders apart",
			usage: "run every mode `N` times, after a warm-up",
			set:   to(&c.Rounds, wholeNumber(1, 1000))},
		{name: "with", kind: list, commands: Compare,
			usage: "compare with another program's `COMMAND` as well, such as 'wget2 -q --max-threads={n} -i {list}', or NAME=COMMAND; it runs in a new directory, and its work is what images it leaves there; repeatable",
			set:   programs(&c.With)},
		{name: "preset", commands: Compare,
			usage: "run the experiment `NAME`: picsum, waves, cpu or many",
			set:   to(&c.Preset, oneOf(presetNames()...))},
		{name: "sweep", commands: Compare,
			usage: "run an experiment for each value of `SETTING=VALUES`: latency=0,10ms,1s or n=1,2,4 or size=200x300,1600x1200",
			set:   to(&c.Sweep, sweep)},
	}
}

func serverSettings(c *Config) []setting {
	return []setting{
		{name: "local", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "let the embedded server answer for every host of the list; no network is used",
			set:   to(&c.Local, boolean)},
		{name: "addr", commands: Serve, initial: "127.0.0.1:0",
			usage: "listen on `HOST:PORT`; port 0 picks a free one",
			set:   to(&c.Addr, hostPort)},
		{name: "latency", commands: Download | Compare | Serve, initial: "500ms",
			usage: "`TIME` to the first byte of an image",
			set:   to(&c.Latency, duration)},
		{name: "jitter", commands: Download | Compare | Serve, initial: "0",
			usage: "vary the latency by up to `TIME` in both directions",
			set:   to(&c.Jitter, duration)},
		{name: "bandwidth", commands: Download | Compare | Serve, initial: "0", shown: "0, unlimited",
			usage: "`SIZE` per second for each response",
			set:   to(&c.Bandwidth, size)},
		{name: "seed", commands: Download | Compare | Serve, initial: "1",
			usage: "seed `N` of the images and of all random choices",
			set:   to(&c.Seed, integer64)},
		{name: "faults", commands: Download | Compare | Serve,
			usage: "`PLAN` of the faults that the server plays, or a file that holds one: a01-short=2%,a91-status=5%",
			set:   to(&c.Faults, nonEmpty)},
		{name: "images", commands: Download | Compare, initial: "0",
			usage: "download `N` images of the embedded server in place of a list",
			set:   to(&c.Images, wholeNumber(0, 100_000_000))},
		{name: "size", commands: Download | Compare, initial: "200x300",
			usage: "`WIDTHxHEIGHT` in pixels of the images of -images",
			set:   to(&c.Size, dimensions)},
	}
}

func timeSettings(o *downloader.Options) []setting {
	return []setting{
		{name: "connect-timeout", commands: Download | Compare, initial: "10s",
			usage: "longest `TIME` to connect, and again for the TLS handshake",
			set:   to(&o.ConnectTimeout, positiveDuration)},
		{name: "header-timeout", commands: Download | Compare, initial: "30s",
			usage: "longest `TIME` from the request to the response headers",
			set:   to(&o.HeaderTimeout, positiveDuration)},
		{name: "stall-timeout", commands: Download | Compare, initial: "30s",
			usage: "longest `TIME` without a byte inside a body",
			set:   to(&o.StallTimeout, positiveDuration)},
		{name: "min-speed", commands: Download | Compare, initial: "1KiB",
			usage: "fail a body that is slower than `SIZE` per second for a minute; 0: no limit",
			set:   to(&o.MinSpeed, size)},
		{name: "timeout", commands: Download | Compare, initial: "5m", shown: "5m, and longer for a body that keeps coming",
			usage: "longest `TIME` for one image, with all attempts and waits; 0: no limit",
			set:   to(&o.Timeout, duration)},
	}
}

func retrySettings(o *downloader.Options) []setting {
	return []setting{
		{name: "retries", commands: Download | Compare, initial: "4",
			brief: "tries after the first (4)",
			usage: "try up to `N` times more after the first attempt",
			set:   to(&o.Retries, wholeNumber(0, 100))},
		{name: "retry-min", commands: Download | Compare, initial: "250ms",
			usage: "shortest back-off `TIME`",
			set:   to(&o.RetryMin, positiveDuration)},
		{name: "retry-max", commands: Download | Compare, initial: "30s",
			usage: "longest back-off `TIME`",
			set:   to(&o.RetryMax, positiveDuration)},
		{name: "retry-status", commands: Download | Compare,
			usage: "try again after these `STATUSES` too, separated by commas: 403,418",
			set:   to(&o.RetryStatus, statuses)},
		{name: "retry-after-max", commands: Download | Compare, initial: "2m",
			usage: "longest Retry-After `TIME` to wait for",
			set:   to(&o.RetryAfterMax, positiveDuration)},
	}
}

func mannerSettings(o *downloader.Options) []setting {
	return []setting{
		{name: "per-host", commands: Download | Compare, shown: "16; if the list has one host: -n",
			usage: "download at most `N` images at a time from one host",
			set:   to(&o.PerHost, wholeNumber(1, maxWorkers))},
		{name: "rate", commands: Download | Compare, shown: "unlimited",
			brief: "requests to one host: 2/s, 30/m, 500/h",
			usage: "send at most so many requests to one host: `N/UNIT`, such as 2/s, 30/m or 500/h",
			set:   to(&o.Every, rate)},
		{name: "delay", commands: Download | Compare, initial: "0",
			usage: "wait for `TIME` between two requests to one host, varied at random by half of it",
			set:   to(&o.Delay, duration)},
		{name: "limit-rate", commands: Download | Compare, initial: "0", shown: "0, unlimited",
			usage: "receive at most `SIZE` per second, all downloads together",
			set:   to(&o.LimitRate, size)},
		{name: "robots", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "obey robots.txt (RFC 9309), and its Crawl-delay",
			set:   to(&o.Robots, boolean)},
		{name: "opt-out", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "leave out images whose response headers keep them out of data sets (X-Robots-Tag, tdm-reservation)",
			set:   to(&o.OptOut, boolean)},
	}
}

func requestSettings(o *downloader.Options) []setting {
	return []setting{
		{name: "header", alias: "H", kind: list, commands: Download | Compare,
			brief: "a request header, Name: value; repeatable",
			usage: "send an extra request `HEADER`, written Name: value, or example.com: Name: value for one host; repeatable",
			set:   toHeader(&o.Header, &o.HostHeader)},
		{name: "user-agent", commands: Download | Compare, shown: "grab/VERSION",
			usage: "send `TEXT` as the User-Agent",
			set:   to(&o.UserAgent, plainText)},
		{name: "max-size", commands: Download | Compare, initial: "256MiB",
			usage: "fail an image larger than `SIZE`",
			set:   to(&o.MaxSize, positiveSize)},
		{name: "max-redirects", commands: Download | Compare, initial: "10",
			usage: "follow at most `N` redirects",
			set:   to(&o.MaxRedirects, wholeNumber(0, 100))},
		{name: "http1", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "never use HTTP/2, not even with a server that has nothing else",
			set:   to(&o.HTTP1, boolean)},
		{name: "http2", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "use HTTP/2 with every server that has it",
			set:   to(&o.HTTP2, boolean)},
		{name: "insecure", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "do not verify TLS certificates",
			set:   to(&o.Insecure, boolean)},
		{name: "ca", commands: Download | Compare,
			usage: "trust the authorities in the PEM `FILE`, besides those of the system",
			set:   to(&o.CAs, authorities)},
		{name: "cert", commands: Download | Compare,
			usage: "show the certificate in the PEM `FILE` to servers that ask for one",
			set:   to(&o.ClientCert, pemFile)},
		{name: "key", commands: Download | Compare, shown: "in the file of -cert",
			usage: "read the key of -cert from the PEM `FILE`",
			set:   to(&o.ClientKey, pemFile)},
		{name: "tls-min", commands: Download | Compare, initial: "1.2",
			usage: "oldest `VERSION` of TLS to accept: 1.0, 1.1, 1.2 or 1.3",
			set:   to(&o.TLSMin, tlsVersion)},
		{name: "tls-legacy", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "accept old ciphers too: without forward secrecy, and 3DES",
			set:   to(&o.TLSLegacy, boolean)},
		{name: "proxy", commands: Download | Compare, shown: "from the environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY",
			usage: "send all requests through the proxy at `URL`: http, https, socks5 or socks5h",
			set:   to(&o.Proxy, proxy)},
		{name: "no-proxy", commands: Download | Compare, shown: "from the environment: NO_PROXY",
			usage: "ask these `HOSTS` without a proxy, separated by commas: names, addresses, networks, or * for all",
			set:   to(&o.NoProxy, nonEmpty)},
		{name: "deny-private", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "connect to public addresses only, for lists that you do not trust",
			set:   to(&o.DenyPrivate, boolean)},
		{name: "dns", commands: Download | Compare, shown: "the system's",
			usage: "look names up at these `SERVERS`, separated by commas: 1.1.1.1,9.9.9.9:53",
			set:   to(&o.DNS, nameServers)},
		{name: "4", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "connect to IPv4 addresses only",
			set:   to(&o.IPv4Only, boolean)},
		{name: "6", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "connect to IPv6 addresses only",
			set:   to(&o.IPv6Only, boolean)},
	}
}

func identitySettings(c *Config) []setting {
	return []setting{
		{name: "referer", commands: Download | Compare,
			usage: "send `TEXT` as the Referer; origin: the scheme and host of each URL",
			set:   to(&c.Options.Referer, plainText)},
		{name: "cookies", commands: Download | Compare,
			brief: "send a browser's cookies",
			usage: "send the cookies in `FILE`, as browsers' exporters and curl write it, to the hosts that they are for",
			set:   to(&c.Options.Cookies, cookieFile)},
		{name: "save-cookies", commands: Download,
			usage: "at the end, write the cookies of -cookies to `FILE`, with what servers have changed; not in mode process",
			set:   to(&c.SaveCookies, nonEmpty)},
		{name: "netrc", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "send the names and passwords in ~/.netrc, or in the file that NETRC names, to their hosts",
			set:   to(&c.Netrc, boolean)},
	}
}

func fileSettings(o *downloader.Options) []setting {
	return []setting{
		{name: "verify", commands: Download | Compare, initial: "structure",
			brief: "none, type, structure (is it whole?) or decode",
			usage: "`CHECK` of each body: none, type (its first bytes are an image's), structure (and it is whole) or decode (and every pixel decodes)",
			set:   to(&o.Verify, oneOf(downloader.Verifies()...))},
		{name: "max-pixels", commands: Download | Compare, initial: "100MP",
			usage: "largest image that -verify decode decodes, in `PIXELS`",
			set:   to(&o.MaxPixels, pixels)},
		{name: "decode-memory", commands: Download | Compare, initial: "1GiB",
			usage: "memory for the images that -verify decode decodes at a time, in `BYTES`; a larger image is decoded alone; 0: no limit. In mode process each child has one image at a time, whatever its size",
			set:   to(&o.DecodeMemory, size)},
		{name: "reject", kind: list, commands: Download | Compare,
			usage: "fail whole images that are not wanted: `WHICH` is sha256:HEX, or url:PATTERN of the final URL, where * is any text; repeatable",
			set:   toRejects(&o.Reject)},
		{name: "force", kind: toggle, commands: Download, initial: "false",
			usage: "download again what is already complete",
			set:   to(&o.Force, boolean)},
		{name: "update", kind: toggle, commands: Download, initial: "false",
			brief: "replace what has changed on its server",
			usage: "ask whether what is complete has changed (by ETag or Last-Modified), and replace what has",
			set:   to(&o.Update, boolean)},
		{name: "check", kind: toggle, commands: Download, initial: "false",
			usage: "hash the files of earlier runs before they count as complete",
			set:   to(&o.Check, boolean)},
		{name: "retry-failed", commands: Download,
			usage: "of the failures of earlier runs, try only these `CLASSES` again, separated by commas",
			set:   to(&o.RetryFailed, classes)},
		{name: "gone-for", commands: Download, initial: "0",
			usage: "do not ask again for `TIME`, such as 30d, for what an earlier run found to be gone (404, 410, no such host, not an image); exit code 6 then means that nothing new has failed",
			set:   to(&o.GoneFor, days)},
		{name: "adopt", kind: toggle, commands: Download, initial: "false",
			usage: "take the whole images that are in the output directory without a record, by their places in the list",
			set:   to(&o.Adopt, boolean)},
		{name: "mtime", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "give each file the time of its Last-Modified header",
			set:   to(&o.Mtime, boolean)},
		{name: "durable", kind: toggle, commands: Download | Compare, initial: "false",
			usage: "flush each file to the disk before it counts",
			set:   to(&o.Durable, boolean)},
	}
}

func nameSettings(c *Config) []setting {
	return []setting{
		{name: "name", commands: Download,
			usage: "name files by `TEMPLATE`, such as {host}/{index:06} or {dir}/{base}, or as url (host and path) or base (the last part of the path)",
			set:   to(&c.Name, nonEmpty)},
		{name: "on-conflict", commands: Download, initial: "number",
			usage: "what to `DO` with an entry whose name another one has: number (it gets -2) or fail",
			set:   to(&c.OnConflict, oneOf("number", "fail"))},
		{name: "dedupe", kind: toggle, commands: Download, initial: "false",
			usage: "store equal bytes once: further images with them are hard links to the first",
			set:   to(&c.Dedupe, boolean)},
	}
}

func outputSettings(c *Config) []setting {
	return []setting{
		{name: "json", kind: toggle, commands: Download | Compare | Serve | Report | Status | Check, initial: "false",
			brief: "write a line of JSON for each image",
			usage: "write JSON lines to standard output",
			set:   to(&c.JSON, boolean)},
		{name: "csv", kind: toggle, commands: Compare | Report | Status, initial: "false",
			usage: "write CSV to standard output, a line for each run; status: for each image",
			set:   to(&c.CSV, boolean)},
		{name: "failed", kind: toggle, flagOnly: true, commands: Status, initial: "false",
			usage: "print what failed, as a list: URLs, or JSON lines if there are other columns",
			set:   to(&c.Failed, boolean)},
		{name: "markdown", kind: toggle, commands: Compare | Report, initial: "false",
			usage: "write a Markdown table to standard output",
			set:   to(&c.Markdown, boolean)},
		{name: "benchfmt", kind: toggle, commands: Compare | Report, initial: "false",
			usage: "write Go's benchmark format to standard output, for benchstat",
			set:   to(&c.Benchfmt, boolean)},
		{name: "html", commands: Compare | Report,
			usage: "write the whole report to `FILE`, as a web page",
			set:   to(&c.HTML, nonEmpty)},
		{name: "quiet", alias: "q", kind: toggle, commands: Download | Compare | Serve, initial: "false",
			brief: "say nothing but what failed",
			usage: "say nothing but what failed",
			set:   to(&c.Quiet, boolean)},
		{name: "silent", alias: "qq", kind: toggle, commands: Download | Compare | Serve, initial: "false",
			usage: "say nothing at all",
			set:   to(&c.Silent, boolean)},
		{name: "verbose", alias: "v", kind: toggle, commands: Download | Compare | Serve, initial: "false",
			usage: "print a line for each image; serve: for each request",
			set:   to(&c.Verbose, boolean)},
		{name: "progress", commands: Download | Compare, initial: "auto",
			usage: "`STYLE` of the progress: auto (bar on a terminal, plain elsewhere), bar, plain or none",
			set:   to(&c.Progress, oneOf("auto", "bar", "plain", "none"))},
		{name: "web", commands: Download | Compare,
			usage: "show the run on a web page at `ADDR`, such as :8080, with metrics and JSON; only this machine can open it, unless ADDR has another host",
			set:   to(&c.Web, pageAddress)},
	}
}

func configurationSettings(c *Config) []setting {
	return []setting{
		{name: "config", commands: Download | Compare | Serve | Report | Status | Check,
			usage: "read settings from the TOML `FILE`, with a key for each flag", shown: "the user's own, if there is one",
			set: to(&c.File, nonEmpty)},
		{name: "no-config", kind: toggle, commands: Download | Compare | Serve | Report | Status | Check, initial: "false",
			usage: "read no file of settings, not even the user's own",
			set:   to(&c.NoFile, boolean)},
	}
}
