// Package source reads what each source says of the settings: flags, the environment and a
// file. It leaves values as the texts that the user wrote, and does not decide between
// sources.
package source

// Choices are what a source says, by setting name.
type Choices map[string]Choice

// Choice is what a source says about one setting.
type Choice struct {
	Origin string // what the user wrote: "-n", "GRAB_N", "grab.toml: n"
	Texts  []string
}
