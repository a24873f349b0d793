package machine

import (
	"os"
	"runtime/debug"

	"grab/downloader"
)

// ownUsage returns what this process has used in its life.
func Own() downloader.Usage {
	cpu, switches := ownTimes()
	return downloader.Usage{CPU: cpu, PeakRSS: peakRSS(), Switches: switches}
}

// usageOf returns the usage of a process that has ended, as the system counted it.
func Of(p *os.ProcessState) downloader.Usage {
	return downloader.Usage{CPU: p.UserTime() + p.SystemTime(), Switches: switchesOf(p)}
}

// TuneMemory lets the garbage collector of this process run seldom as long as
// memory is small, which it is but with very many workers. Bytes that are kept for
// the whole run come on top: it would look for room among them all the time.
// GOGC and GOMEMLIMIT of the environment have their way.
func TuneMemory(kept int64) {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(32<<20 + kept)
	}
}
