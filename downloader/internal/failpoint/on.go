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

// Pass is one passing of the place name, and may be the end of this process.
func Pass(name string) {
	if p, due := passing(name); due {
		p.kill()
	}
}

// Tear is the place name just before p is written to w. If this process is to end
// here, half of p is written first.
func Tear(name string, w io.Writer, p []byte) {
	if victim, due := passing(name); due {
		_, _ = w.Write(p[:len(p)/2]) // nobody is left to hear of an error
		victim.kill()
	}
}

// plan is what the environment asks for.
type plan struct {
	name   string
	at     int64  // the passing that kills
	victim string // "parent": that of the process that passes; "panic": nobody, but the passing panics
}

// passing counts one passing of a place, and reports whether it is the one.
func passing(name string) (plan, bool) {
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
		panic("FAILPOINT is no NAME:K: " + value)
	}
	if p.name == "*" {
		count(name)
		return p, false
	}
	return p, p.name == name && count(name) == p.at
}

// count notes a passing, and returns its number among those that are as long: all
// of its name, if no other is counted. Appending is one step for all processes.
func count(name string) int64 {
	log, err := os.OpenFile(os.Getenv("FAILPOINT_LOG"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		panic(err) // a test that cannot count would pass without a kill
	}
	defer func() { _ = log.Close() }()
	line := fmt.Sprintln(name)
	if _, err := io.WriteString(log, line); err != nil {
		panic(err)
	}
	end, err := log.Seek(0, io.SeekCurrent) // where this very write ended
	if err != nil {
		panic(err)
	}
	return end / int64(len(line))
}

// kill ends the victim as the system does when memory is short: nothing is
// flushed, closed or told. Where a panic is asked for, it panics.
func (p plan) kill() {
	if p.victim == "panic" {
		panic("at " + p.name)
	}
	pid := os.Getpid()
	if p.victim == "parent" && len(os.Args) > 1 && os.Args[1] == "worker" {
		pid = os.Getppid()
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	select {} // not one step further, also while the parent dies first
}
