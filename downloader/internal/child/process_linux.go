package child

import (
	"os/exec"
	"syscall"
)

// bindToParent makes the kernel kill the child when its parent dies. The end of its
// input would not reach a child that is stopped. The kernel sends the signal when the
// thread that started the child ends (golang/go#27505). The Go runtime ends a thread
// only if a goroutine ends while it is locked to it, and none here is.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
