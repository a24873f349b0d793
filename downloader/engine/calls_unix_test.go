//go:build unix

package engine_test

import "syscall"

func makeFIFO(path string) error { return syscall.Mkfifo(path, 0o600) }

func killProcess(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) }

// stopProcess halts a process without ending it, as a debugger does.
func stopProcess(pid int) { _ = syscall.Kill(pid, syscall.SIGSTOP) }
