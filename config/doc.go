// Package config turns the command line, the environment and a file into one
// validated [Config].
//
// One table (see settings) holds every setting: its flag, environment variable
// and file key share a name, its default, its help text and the function that
// reads its value. Each source yields text, and the same function reads that
// text, so a value means the same wherever it stands:
//
//	flag           -retry-min 250ms
//	environment    GRAB_RETRY_MIN=250ms
//	file (TOML)    retry-min = "250ms"
//	default
//
// The first of these that speaks decides. A mistake in any of them is an
// [*Error] that names the source, even where another source would have won.
//
// The package knows nothing of the engine: package command translates a Config into
// the engine's options.
package config
