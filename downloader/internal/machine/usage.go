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

// TuneMemory makes the garbage collector run rarely as long as the process needs
// little memory. It does, except with very many workers. permanent is the number of
// bytes that stay in use for the whole run. They raise the limit, since otherwise
// the collector would run all the time without freeing them. GOGC and GOMEMLIMIT
// in the environment take precedence.
func TuneMemory(permanent int64) {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(32<<20 + permanent)
	}
}
