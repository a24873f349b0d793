//go:build !unix

package batch

import "os/exec"

func setGroup(*exec.Cmd) {}

// interruptGroup ends a command. This system has no interrupt for a single process.
func interruptGroup(cmd *exec.Cmd) error { return cmd.Process.Kill() }

func killGroup(*exec.Cmd) {}
