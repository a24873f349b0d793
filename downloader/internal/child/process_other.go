//go:build !linux && !windows

package child

import (
	"os"
	"os/exec"
)

// passDir returns the name of a folder, by which a child opens it on this system.
func passDir(_ *exec.Cmd, _ *os.File, name string) string { return name }

// bindToParent does nothing on this system. A child finds out by the end of its input
// that its parent is gone.
func bindToParent(*exec.Cmd) {}
