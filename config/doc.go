// Package config turns the command line, the environment and a file into one
// validated [Config].
//
// One table (see settings) describes every setting: its name, its default, its help
// text and the function that parses its value. The flag, the environment variable
// and the key in the file share that name, and the same function parses the value:
//
//	flag           -retry-min 250ms
//	environment    GRAB_RETRY_MIN=250ms
//	file (TOML)    retry-min = "250ms"
//	default
//
// A source higher in this list overrides those below it. A mistake in any of them is
// a [*downloader.UsageError] that names the source, even where another source would
// have overridden the value.
//
// The folders below do what knows no single setting: package setting describes a row of the
// table, value parses texts, source reads what the sources say, and help presents the table.
package config
