//go:build unix

package machine

import (
	"os"
	"syscall"
	"time"
)

// ownTimes returns the user and system time of this process, and the number of its
// context switches.
func ownTimes() (cpu time.Duration, switches int64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), int64(u.Nvcsw) + int64(u.Nivcsw)
}

// switchesOf returns the number of context switches of a process that has ended.
func switchesOf(p *os.ProcessState) int64 {
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		return int64(u.Nvcsw) + int64(u.Nivcsw)
	}
	return 0
}
