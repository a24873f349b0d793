package child

import (
	"os"
	"os/exec"
	"syscall"
)

// inheritedDir is where a child finds the folder that its parent passes as the first of
// the extra files, which have the descriptors from 3.
const inheritedDir = "/proc/self/fd/3"

// passDir makes the child inherit the open folder dir, and returns the path by which it
// can open it, whatever has become of its name. Without /proc, that is its name.
func passDir(cmd *exec.Cmd, dir *os.File, name string) string {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return name
	}
	cmd.ExtraFiles = []*os.File{dir}
	return inheritedDir
}

// bindToParent makes the kernel kill the child when its parent dies. The end of its
// input would not reach a child that is stopped. The kernel sends the signal when the
// thread that started the child ends (golang/go#27505). The Go runtime ends a thread
// only if a goroutine ends while it is locked to it, and none here is.
func bindToParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
