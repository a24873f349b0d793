//go:build !unix

package child

import "io"

// pollable returns a child's input as it is on this system.
func pollable(in io.Reader) io.Reader { return in }
