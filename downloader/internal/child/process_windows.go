package child

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// passDir returns the name of a folder, by which a child opens it on this system.
func passDir(_ *exec.Cmd, _ *os.File, name string) string { return name }

// bindToParent gives the child no console: neither the parent's, whose Ctrl-C and closing
// are for the parent alone, nor a window of its own where the parent has none. The child
// finds out by the end of its input that its parent is gone.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.DETACHED_PROCESS}
}
