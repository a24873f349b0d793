//go:build !unix

package group

import "os/exec"

// Set does nothing: this system has no process groups.
func Set(*exec.Cmd) {}

// Interrupt ends a command. This system has no interrupt for a single process.
func Interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }

// Kill does nothing: this system has no process groups.
func Kill(*exec.Cmd) {}
