package config

// source is what one of the sources says, by setting name.
type source map[string]choice

// choice is what a source says about one setting.
type choice struct {
	origin string // what the user wrote: "-n", "GRAB_N", "grab.toml: n"
	texts  []string
}
