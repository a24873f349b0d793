// Package group starts programs that are not grab, in process groups of their own, so that what
// they start can be ended with them.
package group

import (
	"os"
	"slices"
	"strings"
)

// Environment returns the environment for a program that is not grab. It lacks grab's own
// variables, which may be secrets.
func Environment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "GRAB_") })
}
