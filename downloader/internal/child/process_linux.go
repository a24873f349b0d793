package child

import (
	"os/exec"
	"syscall"
)

// bindToParent lets the kernel kill the child with its parent, even a child that
// is stopped. The end of its input tells all others. The signal is bound to the
// thread that started the child (golang/go#27505): threads of the Go runtime
// live on, unless a goroutine ends while it is locked to one, and none here is.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
