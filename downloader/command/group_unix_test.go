//go:build unix

package command

import (
	"os/exec"
	"syscall"
)

// setGroup starts cmd in a process group of its own, as a shell does.
func setGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalGroup sends sig to every process of cmd's group.
func signalGroup(cmd *exec.Cmd, sig syscall.Signal) { _ = syscall.Kill(-cmd.Process.Pid, sig) }
