// Package machine measures what processes use of the machine.
package machine

import (
	"os"
	"runtime/debug"

	"grab/downloader"
)

// Own returns what this process has used since it started.
func Own() downloader.Usage {
	cpu, switches := ownTimes()
	return downloader.Usage{CPU: cpu, PeakRSS: peakRSS(), Switches: switches}
}

// Of returns what a process that has ended used. Its peak memory is unknown.
func Of(p *os.ProcessState) downloader.Usage {
	return downloader.Usage{CPU: p.UserTime() + p.SystemTime(), Switches: switchesOf(p)}
}

// Limits of TuneMemory, in bytes. Waiting images and what is known of hosts take up to 20
// MiB. With a limit close to what is in use, the collector would run all the time.
const (
	usualMemory  = 56 << 20
	workerMemory = 40 << 10 // buffers, stacks and connections of one worker
)

// TuneMemory makes the garbage collector run rarely as long as the process needs
// little memory. permanent is the number of bytes that stay in use for the whole run;
// they raise the limit, and so do the workers. GOGC and GOMEMLIMIT in the environment
// take precedence.
func TuneMemory(workers int, permanent int64) {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(usualMemory + int64(workers)*workerMemory + permanent)
	}
}
