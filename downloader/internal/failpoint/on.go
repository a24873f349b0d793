//go:build failpoint && unix

package failpoint

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Pass marks the point name. It may end this process.
func Pass(name string) {
	if p, due := reach(name); due {
		p.kill()
	}
}

// Tear marks the point name just before p is written to w. If this process is to
// end here, it first writes half of p.
func Tear(name string, w io.Writer, p []byte) {
	if plan, due := reach(name); due {
		_, _ = w.Write(p[:len(p)/2]) // the process ends: nobody could handle an error
		plan.kill()
	}
}

// plan is what FAILPOINT asks for.
type plan struct {
	name   string // of the point
	at     int64  // which time it is reached
	victim string // "": this process; "parent": its parent; "panic": none, it panics
}

// reach counts that a point was reached, and reports whether the plan is due now.
func reach(name string) (plan, bool) {
	value, set := os.LookupEnv("FAILPOINT")
	if !set {
		return plan{}, false
	}
	parts := strings.Split(value, ":")
	p := plan{name: parts[0]}
	if len(parts) == 3 {
		p.victim = parts[2]
	}
	var err error
	if len(parts) >= 2 {
		p.at, err = strconv.ParseInt(parts[1], 10, 64)
	}
	if err != nil || len(parts) < 2 {
		panic("FAILPOINT is not of the form NAME:K: " + value)
	}
	if p.name == "*" {
		count(name)
		return p, false
	}
	return p, p.name == name && count(name) == p.at
}

// count appends a line to the log and returns its number. The number is the file
// size divided by the line's length, so it is right only if every line is the same.
// Appending is atomic across processes.
func count(name string) int64 {
	log, err := os.OpenFile(os.Getenv("FAILPOINT_LOG"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		panic(err) // without a count no process would die, and the test would pass
	}
	defer func() { _ = log.Close() }()
	line := fmt.Sprintln(name)
	if _, err := io.WriteString(log, line); err != nil {
		panic(err)
	}
	end, err := log.Seek(0, io.SeekCurrent) // where this write ended
	if err != nil {
		panic(err)
	}
	return end / int64(len(line))
}

// kill kills the victim with SIGKILL, as the system does when memory runs out:
// nothing is flushed or closed. If the plan asks for a panic, it panics.
func (p plan) kill() {
	if p.victim == "panic" {
		panic("at " + p.name)
	}
	pid := os.Getpid()
	if p.victim == "parent" && len(os.Args) > 1 && os.Args[1] == "worker" {
		pid = os.Getppid()
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	select {} // run no further code, even if the parent dies first
}
