//go:build !unix

package group

import "os/exec"

// setGroup does nothing: this system has no process groups.
func setGroup(*exec.Cmd) {}

// interrupt ends a command. This system has no interrupt for a single process.
func interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }

// Kill does nothing: this system has no process groups.
func Kill(*exec.Cmd) {}
